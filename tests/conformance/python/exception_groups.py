"""Exception groups: splitting, filtering, deriving, handling by type; shown as nested kinds."""

from harness import error_of, kind, scenario


def nested():
    return ExceptionGroup("outer", [ValueError(), ExceptionGroup("inner", [KeyError(), ValueError()]), KeyError()])


@scenario
def members_in_their_order(trace):
    group = ExceptionGroup("group", [ValueError(), KeyError(), ZeroDivisionError()])
    trace(kind(group))
    trace(f"members {len(group.exceptions)}")


@scenario
def empty_group_is_an_error(trace):
    trace(error_of(lambda: ExceptionGroup("group", [])))


@scenario
def split_by_type(trace):
    matching, rest = nested().split(ValueError)
    trace(f"matching {kind(matching)}")
    trace(f"rest {kind(rest)}")


@scenario
def split_where_all_match(trace):
    """The group itself, and nothing."""
    group = ExceptionGroup("group", [ValueError(), ExceptionGroup("inner", [ValueError()])])
    matching, rest = group.split(ValueError)
    trace(f"matching {kind(matching)} same shape {kind(matching) == kind(group)}")
    trace(f"rest {kind(rest)}")


@scenario
def split_where_none_match(trace):
    group = nested()
    matching, rest = group.split(ZeroDivisionError)
    trace(f"matching {kind(matching)}")
    trace(f"rest {kind(rest)}")


@scenario
def split_by_predicate(trace):
    """It is asked about the group first, then about the members."""
    asked = []

    def predicate(exc):
        asked.append(kind(exc))
        return kind(exc) == "Key"

    matching, rest = nested().split(predicate)
    for line in asked:
        trace(f"asked about {line}")
    trace(f"matching {kind(matching)}")
    trace(f"rest {kind(rest)}")


@scenario
def split_by_the_type_of_the_group(trace):
    """The whole matches."""
    group = nested()
    matching, rest = group.split(ExceptionGroup)
    trace(f"same {matching is group}")
    trace(f"rest {kind(rest)}")


@scenario
def predicate_that_accepts_an_inner_group(trace):
    """It is taken whole, without asking about its members."""
    asked = []

    def predicate(exc):
        asked.append(kind(exc))
        return kind(exc) == "Group[Key, Value]"

    matching, rest = nested().split(predicate)
    for line in asked:
        trace(f"asked about {line}")
    trace(f"matching {kind(matching)}")
    trace(f"rest {kind(rest)}")


@scenario
def subgroup_by_type(trace):
    group = nested()
    trace(kind(group.subgroup(KeyError)))
    trace(kind(group.subgroup(ValueError)))
    trace(kind(group.subgroup(ZeroDivisionError)))


@scenario
def members_keep_their_identity(trace):
    first = ValueError()
    second = KeyError()
    group = ExceptionGroup("group", [first, second])
    matching, rest = group.split(ValueError)
    trace(f"same {matching.exceptions[0] is first} {rest.exceptions[0] is second}")


@scenario
def message_and_cause_are_kept(trace):
    cause = ZeroDivisionError()
    group = ExceptionGroup("the message", [ValueError(), KeyError()])
    group.__cause__ = cause
    matching, rest = group.split(ValueError)
    trace(f"messages {matching.message}, {rest.message}")
    trace(f"causes {kind(matching.__cause__)}, {kind(rest.__cause__)}")


@scenario
def derived_groups_keep_their_type(trace):
    """A group type of one's own says how its parts are made."""

    class Own(ExceptionGroup):
        def __new__(cls, errors, code):
            group = super().__new__(cls, "own", errors)
            group.code = code
            return group

        def derive(self, errors):
            return Own(errors, self.code)

    group = Own([ValueError(), KeyError()], 7)
    matching, rest = group.split(ValueError)
    trace(f"matching {kind(matching)} own {isinstance(matching, Own)} code {matching.code}")
    trace(f"rest {kind(rest)} own {isinstance(rest, Own)} code {rest.code}")
    trace(f"subgroup own {isinstance(group.subgroup(KeyError), Own)}")


@scenario
def derived_groups_of_the_plain_kind(trace):
    """A group type that does not say so gives plain groups."""

    class Own(ExceptionGroup):
        pass

    group = Own("own", [ValueError(), KeyError()])
    matching, rest = group.split(ValueError)
    trace(f"matching {kind(matching)} own {isinstance(matching, Own)}")
    trace(f"rest {kind(rest)} own {isinstance(rest, Own)}")


@scenario
def handled_by_type(trace):
    """What is not handled goes on."""
    try:
        try:
            raise nested()
        except* ValueError as part:
            trace(f"values {kind(part)}")
    except ExceptionGroup as rest:
        trace(f"left {kind(rest)}")


@scenario
def handled_by_two_types(trace):
    try:
        raise nested()
    except* KeyError as part:
        trace(f"keys {kind(part)}")
    except* ValueError as part:
        trace(f"values {kind(part)}")
    trace("nothing left")


@scenario
def handled_by_the_first_that_matches(trace):
    """Each member goes to one handler only."""
    try:
        raise ExceptionGroup("group", [KeyError(), ValueError()])
    except* (KeyError, ValueError) as part:
        trace(f"first {kind(part)}")
    except* ValueError:
        trace("never")
    trace("nothing left")


@scenario
def not_handled_at_all(trace):
    try:
        try:
            raise nested()
        except* ZeroDivisionError:
            trace("never")
    except ExceptionGroup as rest:
        trace(kind(rest))


@scenario
def failing_handler(trace):
    """What it raises is joined with what was not handled."""
    try:
        try:
            raise ExceptionGroup("group", [ValueError(), KeyError()])
        except* ValueError:
            raise ZeroDivisionError
    except ExceptionGroup as exc:
        trace(kind(exc))


@scenario
def handler_that_raises_its_part_again(trace):
    """The original shape comes back."""
    try:
        try:
            raise nested()
        except* ValueError as part:
            trace(f"part {kind(part)}")
            raise
    except ExceptionGroup as exc:
        trace(kind(exc))
