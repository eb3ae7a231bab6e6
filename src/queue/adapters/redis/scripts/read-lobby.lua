-- read-lobby: closes the lobby of a lottery when its time has come, and reads a page of it for one draw.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] admitsAtMs   epoch ms; the lobby closes at the first call from then on
-- ARGV[4] drawId       id of the draw that reads the lobby
-- ARGV[5] leaseMs      ms from now for which no other draw gets a page
-- ARGV[6] afterValue   draw value of the last entrant of the page before; empty: the first page
-- ARGV[7] afterUser    id of that entrant
-- ARGV[8] entrantsMax  integer
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "open": the lobby has not closed yet
-- returns "taken": another draw holds the lease
-- returns "page", closedAtMs, more (0 or 1), then for each entrant: user, draw value
-- atomic because the lobby must be closed once, and one draw at a time may hold the lease
-- cost O(log n + entrantsMax)
-- @use read-queue
local queue = readQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local nowMs, entrantsMax = queue.nowMs, tonumber(ARGV[8])
local closedAtMs = tonumber(redis.call("HGET", metaKey, "lobbyClosedAt"))
if not closedAtMs then
  if nowMs < tonumber(ARGV[3]) then
    return { "open" }
  end
  closedAtMs = nowMs
  redis.call("HSET", metaKey, "lobbyClosedAt", string.format("%.0f", nowMs))
end
local drawId, leaseUntilMs = unpack(redis.call("HMGET", metaKey, "drawId", "drawLeaseUntil"))
if drawId and drawId ~= ARGV[4] and tonumber(leaseUntilMs) > nowMs then
  return { "taken" }
end
redis.call("HSET", metaKey, "drawId", ARGV[4], "drawLeaseUntil",
  string.format("%.0f", nowMs + tonumber(ARGV[5])))

local afterValue, afterUser, from = tonumber(ARGV[6]), ARGV[7], 0
if afterValue then
  -- The entrant may have left since, so the page begins by value and id. Equal values are very rare.
  from = redis.call("ZCOUNT", waitingKey, "-inf", "(" .. ARGV[6])
  for _, user in ipairs(redis.call("ZRANGE", waitingKey, ARGV[6], ARGV[6], "BYSCORE")) do
    from = from + (user <= afterUser and 1 or 0)
  end
end
local people = redis.call("ZRANGE", waitingKey, from, from + entrantsMax - 1, "WITHSCORES")
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
