//! SQL on `reviews`, for the API.
