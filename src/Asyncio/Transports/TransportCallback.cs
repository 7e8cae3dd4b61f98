namespace Asyncio;

/// <summary>One of the ways in which a transport is called back through the ready queue, whose second word is the transport: so it costs no object.</summary>
internal sealed class TransportCallback<TTransport>(Action<TTransport> call) : Runnable
    where TTransport : class, ICallbackTarget
{
    internal override void Run(object? argument)
    {
        var transport = (TTransport)argument!;
        var loop = transport.Loop;
        loop.EnterCallback(transport.Execution);
        var hooks = loop.Hooks;
        hooks?.CallbackBegins();
        try
        {
            call(transport);
        }
        finally
        {
            hooks?.CallbackEnds(transport);
        }
    }
}

/// <summary>Who is called back through the ready queue.</summary>
internal interface ICallbackTarget
{
    EventLoop Loop { get; }

    /// <summary>The values that were current where it was made.</summary>
    ExecutionContext? Execution { get; }
}
