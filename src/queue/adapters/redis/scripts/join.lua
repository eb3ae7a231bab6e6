-- join: for each caller in order, finds the live place of the user, or gives a new one behind everybody.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] opensAtMs     epoch ms; before it no new place is given
-- ARGV[4] final         "1": only ACTIVE places live on
-- ARGV[5] lobbyUntilMs  epoch ms; before it users of a lottery wait in the lobby, by draw value; empty: fifo
-- ARGV[6] findOnly      "1": only the live places that users have are found
-- ARGV[7..] callers      2 values each: user, id; draw value, below 2^52, or empty in fifo
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "joined", the counters of queueCounters, then for each caller: result, word, place, value
--   result: the first of "over" | "not-open" | "not-rebuilt" | "no-place" (see joinRefusal) | "again"
--     | "fresh", a new place
--   word, place, value: see placeStatus; "waiting" for a new place
-- atomic because two callers of one user must never get two places, nor two users one number
-- cost O(callers · log n)
-- @use give-place
-- @use join-refusal
-- @use open-queue
-- @use place-status
-- @use queue-counters
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local isFinal = ARGV[4] == "1"
local lobbyUntilMs = tonumber(ARGV[5])
-- A lobby that was closed for the draw stays closed when the clock is set back.
local isLobby = lobbyUntilMs and queue.nowMs < lobbyUntilMs
  and not redis.call("HGET", metaKey, "lobbyClosedAt")
local terms = {
  isFinal = isFinal, isOpen = queue.nowMs >= tonumber(ARGV[3]), isFindOnly = ARGV[6] == "1",
  isLobby = isLobby, isLottery = lobbyUntilMs ~= nil,
}

local found = {}
for i = 7, #ARGV, 2 do
  local user = ARGV[i]
  local word, place, value = placeStatus(queue, user)
  local isLive = word == "active" or word == "waiting" and not isFinal
  local result = joinRefusal(queue, isLive, terms) or isLive and "again" or "fresh"
  if result == "fresh" then
    word = "waiting"
    place, value = givePlace(queue, user, ARGV[i + 1], terms)
  end
  local at = #found
  found[at + 1], found[at + 2], found[at + 3], found[at + 4] = result, word, place, value
end
local reply = queueCounters(queue, "joined")
for i = 1, #found do
  reply[#reply + 1] = found[i]
end
return reply
