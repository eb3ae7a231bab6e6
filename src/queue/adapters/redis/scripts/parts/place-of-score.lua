-- placeOfScore: the place of a user who waits with this score.
-- In the lobby of a lottery the score is a draw value, below 2^52, and names no place. `lobby` holds the
-- place of each user who has left the lobby before; every other user has number 1 of the lobby's epoch.
-- @use first-place
local function placeOfScore(queue, user, score)
  if score >= drawBand then
    return score
  end
  return tonumber(redis.call("HGET", lobbyKey, user)) or firstPlace(queue.lobbyEpoch)
end
