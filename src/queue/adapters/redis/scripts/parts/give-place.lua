-- givePlace: gives a user a new place, in the lobby or behind everybody.
-- terms  a table: isLobby, whether the lobby is open; isLottery
-- returns place, position
-- @use add-to-lobby
-- @use first-place
-- @use next-lobby-place
-- @use track-presence
local function givePlace(queue, user, drawValue, terms)
  local number = redis.call("INCR", seqKey)
  local place
  if terms.isLobby then
    place = nextLobbyPlace(queue, user)
    addToLobby(queue, user, place, drawValue)
  else
    -- 2^52 + epoch · 2^40 + seq: a counter, never a clock, decides the order.
    place = firstPlace(queue.epoch) - 1 + (terms.isLottery and lateStart or 0) + number
    redis.call("ZADD", waitingKey, "NX", place, user)
  end
  local rank = redis.call("ZRANK", waitingKey, user)
  trackPresence(queue, user, rank, rank + 1)
  return place, rank + 1
end
