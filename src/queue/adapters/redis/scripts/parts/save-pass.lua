-- savePass: writes the token bucket, the counters and a term that the next steps need after a pass.
-- units  what the bucket held before the pass
-- done   see admitFrom
-- idleMs  ms, see readQueue
-- @use count-admitted
local function savePass(nowMs, units, done, idleMs)
  local unitsLeft = units - done.admitted * unitsPerToken
  redis.call("HSET", metaKey, "limiterUnits", string.format("%.0f", unitsLeft),
    "lastPassAt", string.format("%.0f", nowMs),
    "admittedLastMinute", countAdmitted(nowMs, done.admitted),
    "nowServing", string.format("%.0f", done.serving),
    "idleMs", idleMs)
end
