-- countAdmitted: adds a pass to the counters, drops seconds older than a minute.
-- returns how many users were admitted in the last minute
local function countAdmitted(nowMs, admitted)
  local second = math.floor(nowMs / 1000)
  if admitted > 0 then
    redis.call("HINCRBY", minuteKey, string.format("%.0f", second), admitted)
    redis.call("HSETNX", metaKey, "firstAdmittedAt", string.format("%.0f", nowMs))
    redis.call("HINCRBY", metaKey, "admitted", admitted)
  end
  local counts, lastMinute = redis.call("HGETALL", minuteKey), 0
  for i = 1, #counts, 2 do
    local age = second - tonumber(counts[i])
    if age < 0 or age >= 60 then
      redis.call("HDEL", minuteKey, counts[i])
    else
      lastMinute = lastMinute + tonumber(counts[i + 1])
    end
  end
  return lastMinute
end
