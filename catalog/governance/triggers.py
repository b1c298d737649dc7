"""What the database itself asks of a vote, whoever writes to it (INV-7)."""

from typing import Final

import pgtrigger

# One maintainer of the member, whose account is not closed, and a motion that is still open.
CAST_BY_A_MAINTAINER: Final = pgtrigger.Trigger(
    name="ballot_of_a_maintainer",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NOT EXISTS (
            SELECT FROM catalog_motion motion WHERE motion.id = NEW.motion_id AND motion.state = 'open'
        ) THEN
            RAISE EXCEPTION 'this motion is not open (INV-7)' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT FROM catalog_membership membership
              JOIN catalog_user person ON person.id = membership.user_id AND person.is_active
             WHERE membership.user_id = NEW.voter_id AND membership.member_id = NEW.member_id
               AND membership.role = 'maintainer'
        ) THEN
            RAISE EXCEPTION 'a ballot is cast by a maintainer of its member (INV-7)'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# More than half of the members that have a voice said yes to exactly this change.
VOTED: Final = pgtrigger.Trigger(
    name="rule_was_voted",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("yes", "bigint"), ("voices", "bigint")],
    func="""
        SELECT count(*) INTO yes FROM catalog_ballot ballot
          JOIN catalog_motion motion ON motion.id = ballot.motion_id
         WHERE motion.id = NEW.motion_id AND motion.state = 'carried' AND ballot.choice = 'yes'
           AND motion.change ->> 'key' = NEW.key AND motion.change -> 'value' = NEW.value;
        SELECT count(DISTINCT member_id) INTO voices FROM catalog_membership membership
          JOIN catalog_user person ON person.id = membership.user_id AND person.is_active
         WHERE membership.role = 'maintainer';
        IF yes < 2 OR 2 * yes <= voices THEN
            RAISE EXCEPTION 'rule % was not voted for (INV-7)', NEW.key USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
