-- openQueue: readQueue for a step that may change the queue; it also moves the recovery on.
-- returns nil in another epoch, else the table of readQueue and
--   recoveryEndMs      epoch ms; before it no user is admitted; nil: the queue does not recover
--   awaitsRebuild      whether the queue recovers and is not rebuilt
--   claimGraceUntilMs  never before recoveryEndMs
-- @use read-queue
-- @use update-recovery
local function openQueue(epoch, givenMs)
  local queue = readQueue(epoch, givenMs)
  if not queue then
    return nil
  end
  queue.recoveryEndMs = updateRecovery(queue)
  queue.awaitsRebuild = queue.recoveryEndMs and not queue.isRebuilt
  queue.claimGraceUntilMs = math.max(queue.recoveryEndMs or 0, queue.claimGraceUntilMs)
  return queue
end
