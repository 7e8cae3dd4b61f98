using System.Diagnostics;

namespace Asyncio.LowLevel;

/// <summary>A callback that the loop will call; what <c>CallSoon</c> and the like give. The counterpart of <c>asyncio.Handle</c>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public class Handle
{
    private readonly ExecutionContext? _execution;
    private Context? _cell;
    private Delegate? _callback;
    private object? _argument;

    internal Handle(EventLoop loop, Delegate callback, object? argument, Context? context)
    {
        Loop = loop;
        _callback = callback;
        _argument = argument;
        _cell = context;
        _execution = context is null ? ThreadContext.Inherit() : null;
    }

    internal EventLoop Loop { get; }

    /// <summary>The callback will not be called. Does nothing to one that was called or cancelled before.</summary>
    public virtual void Cancel()
    {
        IsCanceled = true;
        _callback = null;
        _argument = null;
    }

    /// <summary>True after <see cref="Cancel"/>. Asyncio: <c>cancelled()</c>.</summary>
    public bool Cancelled() => IsCanceled;

    /// <summary>The context in which the callback runs. Asyncio: <c>get_context()</c>.</summary>
    public Context GetContext() => _cell ??= Context.Of(_execution);

    /// <summary>What it calls and how it stands.</summary>
    public override string ToString() =>
        IsCanceled ? $"<{GetType().Name} cancelled>" : $"<{GetType().Name} {DescribeCallback()}>";

    internal bool IsCanceled { get; private protected set; }

    internal string DescribeCallback() => _callback is null ? "done" : CallbackNames.Of(_callback);

    internal void Invoke()
    {
        var callback = _callback;
        if (callback is null)
        {
            return;
        }

        var loop = Loop;
        loop.EnterCallback(_cell is null ? _execution : _cell.Execution);
        var hooks = loop.Hooks;
        hooks?.CallbackBegins();
        try
        {
            if (callback is Action action)
            {
                action();
            }
            else
            {
                ((Action<object?>)callback)(_argument);
            }
        }
        catch (Exception e) when (e is not KeyboardInterruptException)
        {
            loop.ReportCallback(e, callback, null, this);
        }
        finally
        {
            _cell?.StoreFrom(loop.ThreadField!);
            hooks?.CallbackEnds(this);
        }
    }
}
