//! What Redis does as a whole. The limits go by the clock of Redis, so that those of the nodes may
//! differ, and write times as whole microseconds: Lua's own way to write such numbers drops digits.

/// A bucket that holds a minute's worth and fills up evenly; its key says when it is full again.
/// Takes interval (µs) and how many are wanted. Returns how many are taken, and how long there is
/// none (µs).
pub(super) const BUCKET: &str = "
local minute = 60000000
local interval, wanted = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full_at = tonumber(redis.call('GET', KEYS[1])) or now
-- A clock that was set back must not lock anybody out.
local missing = math.min(math.max(full_at - now, 0), minute)
local room = math.floor((minute - missing) / interval)
if room < 1 then return {0, interval - (minute - missing)} end
local taken = math.min(room, wanted)
if taken > 0 then
    missing = missing + taken * interval
    redis.call('SET', KEYS[1], string.format('%.0f', now + missing), 'PX', math.ceil(missing / 1000))
end
return {taken, 0}";

/// At most so many in any window; its key lists the times of the last ones, the newest first. Takes
/// count and window (µs), as often as there are windows. Returns how long there is none (µs), or 0
/// when this is one.
pub(super) const WINDOW: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local wait, most, longest = 0, 0, 0
for at = 1, #ARGV, 2 do
    local count, window = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
    local oldest = tonumber(redis.call('LINDEX', KEYS[1], count - 1) or nil)
    if oldest and oldest + window > now then
        wait = math.max(wait, math.min(oldest + window - now, window))
    end
    most, longest = math.max(most, count), math.max(longest, window)
end
if wait > 0 then return wait end
redis.call('LPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], 0, most - 1)
redis.call('PEXPIRE', KEYS[1], math.ceil(longest / 1000))
return 0";

/// Whether this Redis takes what we ask of it.
pub(super) const PROBE: &str = "
redis.call('TIME')
redis.call('PUBLISH', KEYS[1], '')
return redis.call('SET', KEYS[1], '', 'EX', 60)";
