using Xunit;

namespace Asyncio.Tests.Groups;

public class ExceptionGroupTests
{
    private static readonly FormatException s_format = new("f");
    private static readonly DivideByZeroException s_zero = new("z");
    private static readonly TimeoutException s_timeout = new("t");

    private static ExceptionGroup Tree() => new("outer", [s_format, new ExceptionGroup("inner", [s_zero, s_timeout])]);

    [Fact]
    public void Its_message_counts_the_exceptions()
    {
        Assert.Equal("outer (2 sub-exceptions)", Tree().Message);
        Assert.Equal("one (1 sub-exception)", new ExceptionGroup("one", [s_zero]).Message);
    }

    [Fact]
    public void Without_exceptions_there_is_none()
    {
        Assert.Throws<ArgumentException>(() => new ExceptionGroup("none", []));
        Assert.Throws<ArgumentException>(() => new ExceptionGroup("null", [null!]));
        Assert.Throws<ArgumentNullException>(() => new ExceptionGroup("null", null!));
    }

    [Fact]
    public void It_looks_into_the_depth()
    {
        Assert.True(Tree().Contains<TimeoutException>());
        Assert.True(Tree().Contains<ArithmeticException>());
        Assert.True(Tree().Contains<ExceptionGroup>());
        Assert.False(Tree().Contains<IOException>());
        Assert.True(Tree().Contains(e => e.Message == "t"));
        Assert.Equal([s_format, s_zero, s_timeout], Tree().Leaves());
    }

    [Fact]
    public void Split_keeps_the_structure_on_both_sides()
    {
        var (match, others) = Tree().Split<TimeoutException>();
        Assert.Equal("outer (1 sub-exception)", match!.Message);
        var inner = Assert.IsType<ExceptionGroup>(Assert.Single(match.InnerExceptions));
        Assert.Equal("inner (1 sub-exception)", inner.Message);
        Assert.Same(s_timeout, Assert.Single(inner.InnerExceptions));
        Assert.Equal([s_format, s_zero], others!.Leaves());
        Assert.Equal(2, others.InnerExceptions.Count);
    }

    [Fact]
    public void Split_of_all_or_nothing_gives_the_group_itself()
    {
        var tree = Tree();
        Assert.Equal((tree, null), tree.Split<Exception>());
        Assert.Equal((null, tree), tree.Split<IOException>());
        Assert.Same(tree, tree.Filter(e => e is not ExceptionGroup));
        Assert.Null(tree.Filter<IOException>());
    }

    [Fact]
    public void Parts_are_of_the_kind_of_the_whole_and_know_where_it_was_thrown()
    {
        try
        {
            throw new Special([s_format, s_zero]);
        }
        catch (ExceptionGroup e) when (e.Contains<FormatException>())
        {
            var part = Assert.IsType<Special>(e.Filter<FormatException>());
            Assert.Contains(nameof(Parts_are_of_the_kind_of_the_whole_and_know_where_it_was_thrown), part.StackTrace, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Handle_throws_what_is_left()
    {
        var seen = new List<Exception>();
        var rest = Assert.Throws<ExceptionGroup>(() => Tree().Handle<TimeoutException>(seen.Add));
        Assert.Equal([s_timeout], seen);
        Assert.Equal([s_format, s_zero], rest.Leaves());
        new ExceptionGroup("all", [s_zero]).Handle<ArithmeticException>(seen.Add);
        Assert.Equal([s_timeout, s_zero], seen);
    }

    [Fact]
    public void Handle_loses_nothing_when_a_handler_fails()
    {
        var group = new ExceptionGroup("outer", [new FormatException("a"), new ExceptionGroup("inner", [new FormatException("b"), s_zero])]);
        var handled = 0;
        var thrown = Assert.Throws<ExceptionGroup>(() => group.Handle((FormatException error) => Fail(error)));
        Assert.Equal(2, handled);
        Assert.Equal(["a", "b"], thrown.Leaves().OfType<InvalidDataException>().Select(error => error.Message));
        var rest = Assert.IsType<ExceptionGroup>(thrown.InnerExceptions[^1]);
        Assert.Equal([s_zero], rest.Leaves());
        Assert.StartsWith("outer", rest.Message, StringComparison.Ordinal);

        void Fail(FormatException error)
        {
            handled++;
            throw new InvalidDataException(error.Message);
        }
    }

    [Fact]
    public void Handle_leaves_in_its_place_what_a_handler_throws_again()
    {
        var again = new FormatException("again");
        var group = new ExceptionGroup("outer", [new FormatException("done"), new ExceptionGroup("inner", [again, s_zero])]);
        var rest = Assert.Throws<ExceptionGroup>(() => group.Handle<FormatException>(error =>
        {
            if (ReferenceEquals(error, again))
            {
                throw error;
            }
        }));
        Assert.Equal([again, s_zero], Assert.IsType<ExceptionGroup>(Assert.Single(rest.InnerExceptions)).InnerExceptions);
    }

    [Fact]
    public void Its_text_is_the_tree()
    {
        var expected = """
            Asyncio.ExceptionGroup: outer (2 sub-exceptions)
              +-- 1 of 2: System.FormatException: f
              +-- 2 of 2: Asyncio.ExceptionGroup: inner (2 sub-exceptions)
              |     +-- 1 of 2: System.DivideByZeroException: z
              |     +-- 2 of 2: System.TimeoutException: t
            """;
        Assert.Equal(expected, Tree().ToString(), ignoreLineEndingDifferences: true);
    }

    private sealed class Special(IEnumerable<Exception> exceptions) : ExceptionGroup("special", exceptions)
    {
        public override ExceptionGroup Derive(IEnumerable<Exception> exceptions) => new Special(exceptions);
    }
}
