-- countOccupied: how many of the sets of users and the journal are not empty.
-- returns 0 when no user is in the queue, not even a skipped one, and the database has the whole journal
local function countOccupied()
  return redis.call("EXISTS", waitingKey, returnedKey, skippedKey, activeKey, journalKey)
end
