-- What a million tokens cost, in millionths of the administrator's currency; NULL: not known.
ALTER TABLE models ADD COLUMN input_price BIGINT;
ALTER TABLE models ADD COLUMN output_price BIGINT;
