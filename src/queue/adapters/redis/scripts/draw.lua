-- draw: close a lottery's lobby when its time has come, and read a page of it for one who draws.
-- ARGV[3] admitsAtMs   epoch ms
-- ARGV[4] drawer       names who draws
-- ARGV[5] leaseMs      ms for which nobody else may
-- ARGV[6] behindValue  draw value of the last entrant of the page before; empty: the first page
-- ARGV[7] behindUser   his id
-- ARGV[8] entrantsMax  integer
-- returns "open" | "taken" | "page", closedAtMs, more (0 or 1), then for each entrant: user, draw value
-- cost O(log n + entrantsMax)
-- @use queue
-- @use lobby
local entrantsMax = tonumber(ARGV[8])
local closedAtMs = tonumber(redis.call("HGET", meta, "closed"))
if not closedAtMs then
  if nowMs < tonumber(ARGV[3]) then
    return { "open" }
  end
  closedAtMs = nowMs
  redis.call("HSET", meta, "closed", string.format("%.0f", nowMs))
end
local drawer, untilMs = unpack(redis.call("HMGET", meta, "drawer", "drawerUntil"))
if drawer and drawer ~= ARGV[4] and tonumber(untilMs) > nowMs then
  return { "taken" }
end
redis.call("HSET", meta, "drawer", ARGV[4], "drawerUntil",
  string.format("%.0f", nowMs + tonumber(ARGV[5])))

local behindValue, behindUser, from = tonumber(ARGV[6]), ARGV[7], 0
if behindValue then
  -- He may have left since; all but never anybody has the same value.
  from = redis.call("ZCOUNT", waiting, "-inf", "(" .. ARGV[6])
  for _, user in ipairs(redis.call("ZRANGE", waiting, ARGV[6], ARGV[6], "BYSCORE")) do
    from = from + (user <= behindUser and 1 or 0)
  end
end
local people = redis.call("ZRANGE", waiting, from, from + entrantsMax - 1, "WITHSCORES")
local reply, more = { "page", closedAtMs, 0 }, #people == 2 * entrantsMax
for i = 1, #people, 2 do
  local user, value = people[i], tonumber(people[i + 1])
  if value >= drawBand then
    more = false
    break
  end
  reply[#reply + 1], reply[#reply + 2] = user, value
end
reply[3] = more and 1 or 0
return reply
