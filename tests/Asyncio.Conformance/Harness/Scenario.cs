using System.Reflection;

namespace Asyncio.Conformance;

/// <summary>One twin, and how it is run: on a fresh loop, in a thread of its own, like <c>run()</c> in <c>regenerate.py</c>.</summary>
internal sealed class Scenario(string name, MethodInfo method, ScenarioAttribute options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5); // for one that hangs, however busy the machine is

    public string Name { get; } = name;

    /// <summary>Why this kind of reactor cannot be had here; null if it can.</summary>
    public static string? WhyNot(ReactorKind reactor)
    {
        try
        {
            using var loop = new EventLoop(new EventLoopOptions { Reactor = reactor });
            _ = loop.ReactorKind; // makes it
            return null;
        }
        catch (PlatformNotSupportedException e)
        {
            return e.Message;
        }
    }

    /// <summary>Runs it twice in the same thread: the second run meets the pools that the first one filled.</summary>
    /// <param name="reactor">On which kind, and then no descriptor may be left behind; null is the default, without input and output.</param>
    public (Recording First, Recording Second) RunTwice(ReactorKind? reactor = null)
    {
        var first = new Recording();
        var second = new Recording();
        var current = first;
        var thread = new Thread(() =>
        {
            Run(first, reactor);
            current = second;
            var before = reactor is null ? 0 : Descriptors.Count(); // what the runtime opens once and keeps is there now
            Run(second, reactor);
            if (reactor is not null && Descriptors.LeftBehind(before) is { } failure)
            {
                second.Fail(failure);
            }
        })
        {
            IsBackground = true,
            Name = Name,
        };
        thread.Start();
        if (!thread.Join(Limit))
        {
            current.Fail($"does not end within {Limit.TotalSeconds} s");
        }

        return (first, second);
    }

    private void Run(Recording recording, ReactorKind? reactor)
    {
        var console = Console.Error;
        var spoken = new StringWriter();
        Console.SetError(TextWriter.Synchronized(spoken));
        try
        {
            Trace trace = recording.Add;
            if (method.ReturnType == typeof(Coroutine))
            {
                var body = method.CreateDelegate<Func<Trace, Coroutine>>();
                Aio.Run(body(trace), debug: false, loopFactory: () => MakeLoop(recording, reactor));
            }
            else
            {
                method.CreateDelegate<Action<Trace>>()(trace);
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        catch (Exception error)
        {
            recording.Fail($"escaped: {error}");
        }
        finally
        {
            Aio.SetEventLoop(null);
            Console.SetError(console);
        }

        if (spoken.ToString() is { Length: > 0 } said)
        {
            recording.Fail($"unexpected on standard error: {said}");
        }

        if (recording.Lines.Count == 0)
        {
            recording.Fail("no trace");
        }
    }

    private EventLoop MakeLoop(Recording recording, ReactorKind? reactor)
    {
        var clock = options.OwnClock ? new JumpingClock() : TimeProvider.System;
        var loop = new EventLoop(new EventLoopOptions
        {
            Debug = false, LoggerFactory = new LogRecorder(recording, options.Log), TimeProvider = clock, Reactor = reactor,
        });
        if (options.Handler)
        {
            Reports.TraceErrors(recording.Add, loop);
        }
        else if (!options.Log)
        {
            loop.SetExceptionHandler((_, context) => recording.Fail($"unexpected report: {context} {context.Exception}"));
        }

        return loop;
    }
}
