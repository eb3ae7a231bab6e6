-- noteTaken: notes that a user takes a seat. An instance whose stock is older still counts the seat as free.
-- Without a waiting list nothing asks for it.
local function noteTaken(queue, user)
  if queue.waitingListAtMs then
    redis.call("ZADD", takenKey, string.format("%.0f", queue.nowMs), user)
  end
end
