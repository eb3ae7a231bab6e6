-- isLobbyPlace: whether the place was given in the lobby of a lottery; never in a queue without a lobby.
-- Numbers of the lobby end at 2^32; users who join later get numbers above it.
local function isLobbyPlace(queue, place)
  return queue.lobbyEpoch and (place - drawBand) % seqSpan <= lateStart
end
