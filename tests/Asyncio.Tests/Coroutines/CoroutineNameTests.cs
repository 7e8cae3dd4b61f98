using Xunit;

namespace Asyncio.Tests.Coroutines;

public class CoroutineNameTests
{
    private interface IStore
    {
        Coroutine Save();
    }

    [Fact]
    public void A_method_is_named_with_its_type() => Assert.Equal("CoroutineNameTests.Method", NameOf(Method()));

    [Fact]
    public void A_generic_method_without_its_arguments() => Assert.Equal("CoroutineNameTests.Generic", NameOf(Generic(1).AsCoroutine()));

    [Fact]
    public void A_method_of_a_generic_type_without_its_arity() => Assert.Equal("Box.Open", NameOf(new Box<string>().Open()));

    [Fact]
    public void A_local_function_by_its_own_name()
    {
        Assert.Equal("CoroutineNameTests.Local", NameOf(Local()));

        static async Coroutine Local() => await Aio.Yield();
    }

    [Fact]
    public void A_lambda_by_the_method_it_stands_in()
    {
        var captured = 1;
        Func<Coroutine> plain = async () => await Aio.Yield();
        Func<Coroutine> closure = async () => await Aio.Sleep(captured);
        Assert.Equal("CoroutineNameTests.A_lambda_by_the_method_it_stands_in.<lambda>", NameOf(plain()));
        Assert.Equal("CoroutineNameTests.A_lambda_by_the_method_it_stands_in.<lambda>", NameOf(closure()));
    }

    [Fact]
    public void An_explicit_implementation_by_the_member() => Assert.Equal("Store.Save", NameOf(((IStore)new Store()).Save()));

    [Fact]
    public void What_has_no_method_is_named_after_where_it_comes_from()
    {
        Assert.Equal("Coroutine.Completed", Coroutine.Completed.Name);
        Assert.Equal("Coroutine.FromException", Coroutine.FromException(new FormatException()).Name);
        Assert.Equal("Aio.Sleep", NameOf(Aio.Sleep(1)));
    }

    [Fact]
    public void A_used_coroutine_still_has_its_name() => OnLoop.Run(async () =>
    {
        var coroutine = Method();
        await coroutine;
        Assert.Equal("CoroutineNameTests.Method", coroutine.Name);
        Assert.Equal("<coroutine CoroutineNameTests.Method>", coroutine.ToString());
    });

    private static string NameOf(Coroutine coroutine)
    {
        coroutine.Close();
        return coroutine.Name;
    }

    private static string NameOf<T>(Coroutine<T> coroutine)
    {
        coroutine.Close();
        return coroutine.Name;
    }

    private static async Coroutine Method() => await Aio.Yield();

    private static async Coroutine<T> Generic<T>(T value)
    {
        await Aio.Yield();
        return value;
    }

    private sealed class Box<T>
    {
        public async Coroutine<T?> Open()
        {
            await Aio.Yield();
            return default;
        }
    }

    private sealed class Store : IStore
    {
        async Coroutine IStore.Save() => await Aio.Yield();
    }
}
