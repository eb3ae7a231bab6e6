-- savePass: writes the token bucket and the counters after a pass.
-- units  what the bucket held before the pass
-- done   see admitFrom
-- @use count-admitted
local function savePass(nowMs, units, done)
  local unitsLeft = units - done.admitted * unitsPerToken
  redis.call("HSET", metaKey, "limiterUnits", string.format("%.0f", unitsLeft),
    "lastPassAt", string.format("%.0f", nowMs),
    "admittedLastMinute", countAdmitted(nowMs, done.admitted),
    "nowServing", string.format("%.0f", done.serving))
end
