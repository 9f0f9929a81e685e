-- The centre's file, version 4: evaluations of the service are few among many events.

CREATE INDEX event_evaluation ON event (kind) WHERE kind = 'evaluation';
