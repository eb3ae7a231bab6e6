-- join: give people a place behind everybody, once; many callers in one step, in their order.
-- ARGV[3] opensAtMs     epoch ms; before it nobody new may join
-- ARGV[4] final         "1": only ACTIVE places live on
-- ARGV[5] lobbyUntilMs  epoch ms; until then newcomers of a lottery stand by their draw values; empty: fifo
-- ARGV[6..] callers      user and draw value of each, the latter empty in fifo
-- returns "joined", figures…, then for each caller: "fresh" | "again" | "not-open" | "over"
--   | "not-rebuilt", word, place, number
-- cost O(callers · log n)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
-- @use presence
-- @use lapse
-- @use place-status
-- @use figures
local isOpen, isFinal = nowMs >= tonumber(ARGV[3]), ARGV[4] == "1"
local queueEpoch, lobbyUntilMs = tonumber(ARGV[1]), tonumber(ARGV[5])
-- A lobby that has been closed for the draw stays closed, whatever the clock does.
local isLobby = lobbyUntilMs and nowMs < lobbyUntilMs and not redis.call("HGET", meta, "closed")

-- Why somebody gets no place here; nil: he has one, or gets one.
local function refusal(isLive)
  if isFinal and not isLive then
    return "over"
  end
  if not isOpen and not isLive then
    return "not-open"
  end
  -- The database may know that his place is over, or of one that a new place would end.
  return isPuttingBack() and "not-rebuilt" or nil
end

local found = {}
for i = 6, #ARGV, 2 do
  local user, drawValue = ARGV[i], ARGV[i + 1]
  local word, place, value = placeStatus(user)
  local isLive = word == "active" or word == "waiting" and not isFinal
  local result = refusal(isLive) or isLive and "again" or "fresh"
  if result == "fresh" then
    local number = redis.call("INCR", seq)
    if isLobby then
      place = nextLobbyPlace(user, queueEpoch)
      waitInLobby(user, place, drawValue)
    else
      -- 2^52 + epoch · 2^40 + seq: a counter, never a clock, decides who is first.
      place = firstPlaceIn(queueEpoch) - 1 + (lobbyUntilMs and lateStart or 0) + number
      redis.call("ZADD", waiting, "NX", place, user)
    end
    local rank = redis.call("ZRANK", waiting, user)
    expect(user, rank, rank + 1)
    word, value = "waiting", rank + 1
  end
  local at = #found
  found[at + 1], found[at + 2], found[at + 3], found[at + 4] = result, word, place, value
end
local reply = head("joined")
for i = 1, #found do
  reply[#reply + 1] = found[i]
end
return reply
