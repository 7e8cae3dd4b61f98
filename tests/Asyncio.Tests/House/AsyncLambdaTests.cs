using System.Reflection;
using Xunit;

namespace Asyncio.Tests.House;

/// <summary>
/// An <c>async</c> lambda that is given where an <c>Action</c> is asked for becomes <c>async void</c>, without a word. So each such member
/// has a twin that takes a coroutine function, nearly always to refuse it.
/// </summary>
public class AsyncLambdaTests
{
    // A compiler calls the first two; what is given to the third is compared, never called.
    private static readonly string[] NotCalledWithLambdas = ["OnCompleted", "UnsafeOnCompleted", "RemoveDoneCallback"];

    [Fact]
    public void Every_member_that_takes_an_Action_has_a_twin_that_takes_a_coroutine_function()
    {
        var offences =
            from library in new[] { typeof(Aio).Assembly, typeof(Http.ClientSession).Assembly, typeof(Redis.RedisClient).Assembly }
            from type in library.GetExportedTypes()
            where !typeof(Delegate).IsAssignableFrom(type)
            from member in MembersOf(type)
            where !NotCalledWithLambdas.Contains(member.Name)
            from parameter in member.GetParameters()
            where IsAction(parameter.ParameterType)
            where !MembersOf(type).Any(other => other.Name == member.Name && IsTwin(other, parameter))
            select $"{type.Name}.{member.Name}({parameter.ParameterType.Name} {parameter.Name})";

        Report.FailIfAny(offences, "An async lambda would be async void here; add an overload that takes Func<…, Coroutine>:");
    }

    [Theory]
    [InlineData("loop.CallSoon(async () => await Aio.Sleep(1));")]
    [InlineData("loop.CallSoonThreadsafe(async () => await Aio.Sleep(1));")]
    [InlineData("loop.CallLater(1, async () => await Aio.Sleep(1));")]
    [InlineData("loop.CallAt(1, async () => await Aio.Sleep(1));")]
    [InlineData("loop.RunInExecutor(null, async () => await Aio.Sleep(1));")]
    [InlineData("loop.SetExceptionHandler(async (_, _) => await Aio.Sleep(1));")]
    [InlineData("loop.CreateFuture<int>().AddDoneCallback(async _ => await Aio.Sleep(1));")]
    [InlineData("Context.CopyCurrent().Run(async () => await Aio.Sleep(1));")]
    [InlineData("await Aio.ToThread(async () => await Aio.Sleep(1));")]
    [InlineData("new ExceptionGroup(\"\", [new Exception()]).Handle<FormatException>(async _ => await Aio.Sleep(1));")]
    [InlineData("using var pool = new ThreadPoolExecutor(initializer: async () => await Aio.Sleep(1));")]
    [InlineData("using var pool = new ThreadPoolExecutor(2, \"name\", async () => await Aio.Sleep(1));")]
    public void An_async_lambda_is_refused(string code) =>
        Assert.Contains(Snippets.ErrorsInCoroutine(code), error => error.StartsWith("CS0619", StringComparison.Ordinal)); // obsolete

    [Theory]
    [InlineData("loop.CallSoon(() => { });")]
    [InlineData("loop.SetExceptionHandler(null);")]
    [InlineData("loop.SetExceptionHandler(loop.GetExceptionHandler());")]
    [InlineData("var seen = new List<object>(); loop.SetExceptionHandler((_, context) => seen.Remove(context));")]
    [InlineData("using var pool = new ThreadPoolExecutor();")]
    [InlineData("using var pool = new ThreadPoolExecutor(2);")]
    [InlineData("using var pool = new ThreadPoolExecutor(initializer: () => { });")]
    public void Others_are_not(string code) => Assert.Empty(Snippets.ErrorsInCoroutine(code));

    private static IEnumerable<MethodBase> MembersOf(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).OfType<MethodBase>();

    private static bool IsAction(Type type) => type == typeof(Action) || type.Name.StartsWith("Action`", StringComparison.Ordinal);

    // By name, since type parameters of different methods are different types.
    private static bool IsTwin(MethodBase other, ParameterInfo action) => other.GetParameters().Any(parameter =>
        parameter.ParameterType.Name.StartsWith("Func`", StringComparison.Ordinal)
        && parameter.ParameterType.GetGenericArguments() is [.. var taken, var given]
        && given == typeof(Coroutine)
        && taken.Select(type => type.Name).SequenceEqual(action.ParameterType.GetGenericArguments().Select(type => type.Name)));
}
