namespace Asyncio.Conformance;

/// <summary>Exception groups: splitting, filtering, deriving, handling by type; shown as nested kinds.</summary>
[Area("exception_groups")]
internal static class ExceptionGroups
{
    private static ExceptionGroup Nested() => new(
        "outer",
        [
            new ArgumentException(),
            new ExceptionGroup("inner", [new KeyNotFoundException(), new ArgumentException()]),
            new KeyNotFoundException(),
        ]);

    [Scenario]
    public static void MembersInTheirOrder(Trace trace)
    {
        var group = new ExceptionGroup("group", [new ArgumentException(), new KeyNotFoundException(), new DivideByZeroException()]);
        trace(Kind(group));
        trace($"members {group.InnerExceptions.Count}");
    }

    [Scenario]
    public static void EmptyGroupIsAnError(Trace trace) => trace(ErrorOf(() => new ExceptionGroup("group", [])));

    [Scenario]
    public static void SplitByType(Trace trace)
    {
        var (matching, rest) = Nested().Split<ArgumentException>();
        trace($"matching {Kind(matching)}");
        trace($"rest {Kind(rest)}");
    }

    [Scenario]
    public static void SplitWhereAllMatch(Trace trace)
    {
        var group = new ExceptionGroup("group", [new ArgumentException(), new ExceptionGroup("inner", [new ArgumentException()])]);
        var (matching, rest) = group.Split<ArgumentException>();
        trace($"matching {Kind(matching)} same shape {Kind(matching) == Kind(group)}");
        trace($"rest {Kind(rest)}");
    }

    [Scenario]
    public static void SplitWhereNoneMatch(Trace trace)
    {
        var group = Nested();
        var (matching, rest) = group.Split<DivideByZeroException>();
        trace($"matching {Kind(matching)}");
        trace($"rest {Kind(rest)}");
    }

    [Scenario]
    public static void SplitByPredicate(Trace trace)
    {
        var asked = new List<string>();

        bool Predicate(Exception error)
        {
            asked.Add(Kind(error));
            return Kind(error) == "Key";
        }

        var (matching, rest) = Nested().Split(Predicate);
        foreach (var line in asked)
        {
            trace($"asked about {line}");
        }

        trace($"matching {Kind(matching)}");
        trace($"rest {Kind(rest)}");
    }

    [Scenario]
    public static void SplitByTheTypeOfTheGroup(Trace trace)
    {
        var group = Nested();
        var (matching, rest) = group.Split<ExceptionGroup>();
        trace($"same {matching == group}");
        trace($"rest {Kind(rest)}");
    }

    [Scenario]
    public static void PredicateThatAcceptsAnInnerGroup(Trace trace)
    {
        var asked = new List<string>();

        bool Predicate(Exception error)
        {
            asked.Add(Kind(error));
            return Kind(error) == "Group[Key, Value]";
        }

        var (matching, rest) = Nested().Split(Predicate);
        foreach (var line in asked)
        {
            trace($"asked about {line}");
        }

        trace($"matching {Kind(matching)}");
        trace($"rest {Kind(rest)}");
    }

    [Scenario]
    public static void SubgroupByType(Trace trace)
    {
        var group = Nested();
        trace(Kind(group.Filter<KeyNotFoundException>()));
        trace(Kind(group.Filter<ArgumentException>()));
        trace(Kind(group.Filter<DivideByZeroException>()));
    }

    [Scenario]
    public static void MembersKeepTheirIdentity(Trace trace)
    {
        var first = new ArgumentException();
        var second = new KeyNotFoundException();
        var group = new ExceptionGroup("group", [first, second]);
        var (matching, rest) = group.Split<ArgumentException>();
        trace($"same {matching!.InnerExceptions[0] == first} {rest!.InnerExceptions[0] == second}");
    }

    [Scenario]
    public static void MessageAndCauseAreKept(Trace trace)
    {
        var group = new ExceptionGroup("the message", [new ArgumentException(), new KeyNotFoundException()]);
        var (matching, rest) = group.Split<ArgumentException>();
        trace($"messages {matching!.Message}, {rest!.Message}");
        trace($"causes {Kind(matching.InnerException)}, {Kind(rest.InnerException)}");
    }

    [Scenario]
    public static void DerivedGroupsKeepTheirType(Trace trace)
    {
        var group = new Own([new ArgumentException(), new KeyNotFoundException()], 7);
        var (matching, rest) = group.Split<ArgumentException>();
        trace($"matching {Kind(matching)} own {matching is Own} code {((Own)matching!).Code}");
        trace($"rest {Kind(rest)} own {rest is Own} code {((Own)rest!).Code}");
        trace($"subgroup own {group.Filter<KeyNotFoundException>() is Own}");
    }

    [Scenario]
    public static void DerivedGroupsOfThePlainKind(Trace trace)
    {
        var group = new PlainOwn("own", [new ArgumentException(), new KeyNotFoundException()]);
        var (matching, rest) = group.Split<ArgumentException>();
        trace($"matching {Kind(matching)} own {matching is PlainOwn}");
        trace($"rest {Kind(rest)} own {rest is PlainOwn}");
    }

    [Scenario]
    public static void HandledByType(Trace trace)
    {
        try
        {
            try
            {
                throw Nested();
            }
            catch (ExceptionGroup group) when (group.Contains<ArgumentException>())
            {
                var (part, rest) = group.Split<ArgumentException>();
                trace($"values {Kind(part)}");
                ThrowIfAny(rest);
            }
        }
        catch (ExceptionGroup rest)
        {
            trace($"left {Kind(rest)}");
        }
    }

    [Scenario]
    public static void HandledByTwoTypes(Trace trace)
    {
        try
        {
            throw Nested();
        }
        catch (ExceptionGroup group)
        {
            var (keys, others) = group.Split<KeyNotFoundException>();
            trace($"keys {Kind(keys)}");
            var (values, rest) = others!.Split<ArgumentException>();
            trace($"values {Kind(values)}");
            ThrowIfAny(rest);
        }

        trace("nothing left");
    }

    [Scenario]
    public static void HandledByTheFirstThatMatches(Trace trace)
    {
        try
        {
            throw new ExceptionGroup("group", [new KeyNotFoundException(), new ArgumentException()]);
        }
        catch (ExceptionGroup group)
        {
            var (first, others) = group.Split(error => error is KeyNotFoundException or ArgumentException);
            trace($"first {Kind(first)}");
            var (values, rest) = others?.Split<ArgumentException>() ?? default;
            if (values is not null)
            {
                trace("never");
            }

            ThrowIfAny(rest);
        }

        trace("nothing left");
    }

    [Scenario]
    public static void NotHandledAtAll(Trace trace)
    {
        try
        {
            try
            {
                throw Nested();
            }
            catch (ExceptionGroup group) when (group.Contains<DivideByZeroException>())
            {
                trace("never");
            }
        }
        catch (ExceptionGroup rest)
        {
            trace(Kind(rest));
        }
    }

    [Scenario]
    public static void FailingHandler(Trace trace)
    {
        try
        {
            try
            {
                throw new ExceptionGroup("group", [new ArgumentException(), new KeyNotFoundException()]);
            }
            catch (ExceptionGroup group) when (group.Contains<ArgumentException>())
            {
                throw new DivideByZeroException();
            }
        }
        catch (Exception error)
        {
            trace(Kind(error));
        }
    }

    [Scenario]
    public static void HandlerThatRaisesItsPartAgain(Trace trace)
    {
        try
        {
            try
            {
                throw Nested();
            }
            catch (ExceptionGroup group) when (group.Contains<ArgumentException>())
            {
                trace($"part {Kind(group.Filter<ArgumentException>())}");
                throw;
            }
        }
        catch (ExceptionGroup error)
        {
            trace(Kind(error));
        }
    }

    /// <summary>What <c>except*</c> does at its end.</summary>
    private static void ThrowIfAny(ExceptionGroup? rest)
    {
        if (rest is not null)
        {
            throw rest;
        }
    }

    private sealed class Own(IEnumerable<Exception> errors, int code) : ExceptionGroup("own", errors)
    {
        public int Code => code;

        public override ExceptionGroup Derive(IEnumerable<Exception> exceptions) => new Own(exceptions, code);
    }

    private sealed class PlainOwn(string message, IEnumerable<Exception> errors) : ExceptionGroup(message, errors);
}
