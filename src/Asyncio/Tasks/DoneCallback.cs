namespace Asyncio;

/// <summary>A callback of the user's, waiting for a future.</summary>
internal sealed class DoneCallback : Runnable
{
    private readonly Future _future;
    private readonly Context? _cell;
    private readonly ExecutionContext? _execution;

    internal DoneCallback(Future future, Action<Future> callback, Context? context)
    {
        _future = future;
        Callback = callback;
        _cell = context;
        _execution = context is null ? ThreadContext.Inherit() : null;
    }

    internal Action<Future> Callback { get; }

    public override string ToString() => $"{CallbackNames.Of(Callback)}({_future})";

    internal override void Run(object? argument)
    {
        var loop = _future.LoopField;
        loop.EnterCallback(_cell is null ? _execution : _cell.Execution);
        var hooks = loop.Hooks;
        hooks?.CallbackBegins();
        try
        {
            Callback(_future);
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            loop.ReportCallback(e, Callback, _future);
        }
        finally
        {
            _cell?.StoreFrom(loop.ThreadField!);
            hooks?.CallbackEnds(this);
        }
    }
}
