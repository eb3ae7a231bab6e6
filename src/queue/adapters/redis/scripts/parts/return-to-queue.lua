-- returnToQueue: puts a user who is here again behind those who returned before, ahead of the queue.
-- @use append-journal
-- @use save-slot
local function returnToQueue(queue, user, slot)
  slot.state = "R"
  saveSlot(user, slot)
  redis.call("ZREM", skippedKey, user)
  redis.call("ZADD", returnedKey, redis.call("HINCRBY", metaKey, "returnedSeq", 1), user)
  appendJournal(queue, "RETURNED", user, slot.place, 0)
end
