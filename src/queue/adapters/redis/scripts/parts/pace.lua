-- pace: the rate bucket, and how many were admitted in the last minute.
-- A token of the bucket is 60,000 units, so that a rate a minute refills whole units each ms and
-- nothing is ever rounded. It holds one second of rate and at least one token.
local unitsPerToken = 60000

local function refilledUnits(perMinute)
  local bucket = redis.call("HMGET", meta, "units", "refilled")
  local capacity = math.max(unitsPerToken, perMinute * 1000)
  if not bucket[2] then
    return capacity
  end
  -- A clock that was set back neither stalls the bucket nor fills it.
  local elapsedMs = math.max(0, nowMs - tonumber(bucket[2]))
  return math.min(capacity, tonumber(bucket[1]) + elapsedMs * perMinute)
end

local function keepPace(units, admitted, serving)
  local second = math.floor(nowMs / 1000)
  if admitted > 0 then
    redis.call("HINCRBY", minute, string.format("%.0f", second), admitted)
    redis.call("HSETNX", meta, "since", string.format("%.0f", nowMs))
    redis.call("HINCRBY", meta, "admitted", admitted)
  end
  local counts, lastMinute = redis.call("HGETALL", minute), 0
  for i = 1, #counts, 2 do
    local age = second - tonumber(counts[i])
    if age < 0 or age >= 60 then
      redis.call("HDEL", minute, counts[i])
    else
      lastMinute = lastMinute + tonumber(counts[i + 1])
    end
  end
  redis.call("HSET", meta, "units", string.format("%.0f", units - admitted * unitsPerToken),
    "refilled", string.format("%.0f", nowMs), "minute", lastMinute,
    "serving", string.format("%.0f", serving))
end
