-- rateLimiterUnits: what the token bucket of admissions holds now, in units. It is full before the first pass.
-- One admission costs 60,000 units and the rate is per minute, so each ms refills a whole number of units and
-- nothing is ever rounded. The bucket holds one second of rate, and at least one admission.
-- returns units; ms since the last pass, 0 before the first one
local function rateLimiterUnits(nowMs, perMinute)
  local bucket = redis.call("HMGET", metaKey, "limiterUnits", "lastPassAt")
  local capacity = math.max(unitsPerToken, perMinute * 1000)
  if not bucket[2] then
    return capacity, 0
  end
  -- A clock that was set back neither stalls the bucket nor fills it.
  local elapsedMs = math.max(0, nowMs - tonumber(bucket[2]))
  return math.min(capacity, tonumber(bucket[1]) + elapsedMs * perMinute), elapsedMs
end
