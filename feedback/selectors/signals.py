"""What work tells of a student, for the statement of `progress.work`."""

# That of the first attempt: whoever is asked for another one was in time.
HANDED_IN = """
SELECT s.enrolment_id, s.activity_id, s.counts_at
  FROM feedback_submission s
 WHERE s.enrolment_id = ANY(%(enrolments)s::bigint[]) AND s.taken_back_at IS NULL
"""
# Of each assignment the last attempt whose feedback its student can read. The first of the levels is the best.
MARKS = """
SELECT * FROM (
    SELECT DISTINCT ON (s.enrolment_id, s.activity_id) s.enrolment_id,
           CASE g.scale WHEN 'points' THEN least(100 * f.points / nullif(g.most_points, 0), 100)
                        WHEN 'levels' THEN 100.0 * (cardinality(g.levels) - array_position(g.levels, f.level))
                                           / (cardinality(g.levels) - 1)
                        WHEN 'enough' THEN 100 * f.good_enough::int END AS mark
      FROM feedback_submission s
      JOIN feedback_feedback f ON f.submission_id = s.id
      JOIN feedback_assignment g ON g.activity_id = s.activity_id
      JOIN courses_activity a ON a.id = s.activity_id AND a.deleted_at IS NULL
     WHERE s.enrolment_id = ANY(%(enrolments)s::bigint[]) AND s.taken_back_at IS NULL AND s.release_at <= %(now)s
     ORDER BY s.enrolment_id, s.activity_id, s.attempt DESC) AS last
"""
