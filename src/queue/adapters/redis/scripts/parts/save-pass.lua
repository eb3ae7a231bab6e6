-- savePass: writes the token bucket and the counters after a pass.
-- units  what the bucket held before the pass
-- done   see admitFrom
-- @use count-admitted
local function savePass(nowMs, units, done)
  redis.call("HSET", metaKey, "units",
    string.format("%.0f", units - done.admitted * unitsPerAdmission),
    "refilled", string.format("%.0f", nowMs), "minute", countAdmitted(nowMs, done.admitted),
    "serving", string.format("%.0f", done.serving))
end
