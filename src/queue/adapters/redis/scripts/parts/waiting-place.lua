-- waitingPlace: the place of a user in the waiting set; nil: the user is not in it.
-- @use place-of-score
local function waitingPlace(queue, user)
  local score = tonumber(redis.call("ZSCORE", waitingKey, user))
  return score and placeOfScore(queue, user, score)
end
