namespace Asyncio.Conformance;

/// <summary>Run and Runner: results, leftovers, the order of finalisation, reuse, interrupts.</summary>
[Area("runner")]
internal static partial class Runners
{
    /// <summary>A loop factory whose loops trace what reaches their exception handler.</summary>
    private static Func<EventLoop> Reporting(Trace trace)
    {
        EventLoop Make()
        {
            var loop = Aio.NewEventLoop();
            TraceErrors(trace, loop);
            return loop;
        }

        return Make;
    }

    [Scenario]
    public static void RunGivesTheResult(Trace trace)
    {
        async Coroutine<string> Main()
        {
            await Aio.Sleep(0);
            return "value";
        }

        trace(Aio.Run(Main()));
    }

    [Scenario]
    public static void RunRaisesTheFailure(Trace trace)
    {
        async Coroutine Main() => throw new DivideByZeroException();

        trace(ErrorOf(() => Aio.Run(Main())));
    }

    [Scenario]
    public static void RunMakesAndClosesItsLoop(Trace trace)
    {
        var loops = new List<EventLoop>();

        async Coroutine Main()
        {
            loops.Add(Aio.GetRunningLoop());
            trace($"inside: running {loops[^1].IsRunning}");
        }

        Aio.Run(Main());
        Aio.Run(Main());
        trace($"different {loops[0] != loops[1]}");
        trace($"closed {loops[0].IsClosed} {loops[1].IsClosed}");
        trace($"no running loop: {ErrorOf(Aio.GetRunningLoop)}");
    }

    [Scenario]
    public static async Coroutine RunInsideARunningLoopIsAnError(Trace trace)
    {
        async Coroutine Main() => trace("never");

        var coroutine = Main();
        trace(ErrorOf(() => Aio.Run(coroutine)));
        coroutine.Close();
        await Aio.Sleep(0);
        trace("goes on");
    }

    [Scenario]
    public static void MainThatEndsCancelled(Trace trace)
    {
        async Coroutine Main()
        {
            Aio.CurrentTask()!.Cancel("self");
            await Aio.Sleep(0);
        }

        trace(ErrorOf(() => Aio.Run(Main())));
    }

    [Scenario]
    public static void MainThatRaisesAnInterrupt(Trace trace)
    {
        async Coroutine Main()
        {
            trace("main");
            throw new KeyboardInterruptException();
        }

        trace(ErrorOf(() => Aio.Run(Main())));
    }

    [Scenario]
    public static void RunnerRunsManyTimesOnOneLoop(Trace trace)
    {
        async Coroutine<int> Main(int number)
        {
            await Aio.Sleep(0);
            return number;
        }

        EventLoop loop;
        using (var runner = new Runner())
        {
            loop = runner.GetLoop();
            for (var number = 0; number < 3; number++)
            {
                trace($"result {runner.Run(Main(number))}, same loop {runner.GetLoop() == loop}");
            }

            trace($"closed {loop.IsClosed}");
        }

        trace($"closed {loop.IsClosed}");
    }

    [Scenario]
    public static void RunnerKeepsItsContextBetweenRuns(Trace trace)
    {
        var variable = new AsyncLocal<int>();

        async Coroutine<int> Main()
        {
            variable.Value++;
            return variable.Value;
        }

        using (var runner = new Runner())
        {
            for (var turn = 0; turn < 3; turn++)
            {
                trace($"value {runner.Run(Main())}");
            }
        }

        trace($"outside {variable.Value}");
    }

    [Scenario]
    public static void RunnerWithAContextOfItsOwnForARun(Trace trace)
    {
        var variable = new AsyncLocal<string?>();
        var context = Context.CopyCurrent();
        context.Run(() => { variable.Value = "given"; });

        async Coroutine<string> Main()
        {
            var value = variable.Value ?? "default";
            variable.Value = "written";
            return value;
        }

        using (var runner = new Runner())
        {
            trace($"with it {runner.Run(Main(), context: context)}");
            trace($"without {runner.Run(Main())}");
            trace($"with it again {runner.Run(Main(), context: context)}");
        }
    }

    [Scenario]
    public static void FailureLeavesTheRunnerUsable(Trace trace)
    {
        async Coroutine Fail() => throw new ArgumentException("v");

        async Coroutine<string> Fine() => "fine";

        using (var runner = new Runner())
        {
            trace(ErrorOf(() => runner.Run(Fail())));
            trace(runner.Run(Fine()));
        }
    }

    [Scenario]
    public static void TasksSurviveBetweenTheRunsOfARunner(Trace trace)
    {
        var tasks = new List<AsyncTask>();

        async Coroutine Background()
        {
            for (var number = 0; number < 4; number++)
            {
                trace($"background {number}");
                await Aio.Sleep(0);
            }
        }

        async Coroutine Start()
        {
            tasks.Add(Aio.CreateTask(Background()));
            await Spin(2);
        }

        async Coroutine Finish()
        {
            await tasks[0];
            trace("finished");
        }

        using (var runner = new Runner())
        {
            runner.Run(Start());
            trace("between");
            runner.Run(Finish());
        }
    }

    [Scenario]
    public static void ClosingARunnerCancelsWhatIsLeft(Trace trace)
    {
        async Coroutine Background()
        {
            try
            {
                await Aio.Sleep(60);
            }
            finally
            {
                trace("cancelled");
            }
        }

        async Coroutine Start()
        {
            _ = Aio.CreateTask(Background());
            await Aio.Sleep(0);
        }

        var runner = new Runner();
        runner.Run(Start());
        trace("closes");
        runner.Close();
        trace("closed");
    }

    [Scenario]
    public static void ClosingARunnerTwice(Trace trace)
    {
        async Coroutine<int> Main() => 1;

        var runner = new Runner();
        runner.Run(Main());
        runner.Close();
        runner.Close();
        trace("closed twice");
    }

    [Scenario]
    public static void ClosedRunnerIsNotUsable(Trace trace)
    {
        async Coroutine Main() => trace("never");

        var runner = new Runner();
        runner.GetLoop();
        runner.Close();
        var coroutine = Main();
        trace($"run: {ErrorOf(() => runner.Run(coroutine))}");
        coroutine.Close();
        trace($"get_loop: {ErrorOf(runner.GetLoop)}");
    }

    [Scenario]
    public static void ClosingARunnerThatWasNeverUsed(Trace trace)
    {
        async Coroutine<string> Main() => "usable";

        var runner = new Runner();
        runner.Close();
        trace(runner.Run(Main()));
        runner.Close();
    }

    [Scenario]
    public static async Coroutine RunnerInsideARunningLoopIsAnError(Trace trace)
    {
        async Coroutine Main() => trace("never");

        var runner = new Runner();
        var coroutine = Main();
        trace(ErrorOf(() => runner.Run(coroutine)));
        coroutine.Close();
        runner.Close();
    }

    [Scenario]
    public static void DebugOfARunner(Trace trace)
    {
        async Coroutine<bool> Main()
        {
            Aio.GetRunningLoop().SlowCallbackDuration = 3_600; // a slow step is not what this is about
            return Aio.GetRunningLoop().Debug;
        }

        trace($"run, debug: {Aio.Run(Main(), debug: true)}");
        trace($"run, no debug: {Aio.Run(Main(), debug: false)}");
        using (var runner = new Runner(debug: true))
        {
            trace($"runner, debug: {runner.Run(Main())}");
        }
    }

    [Scenario]
    public static void LoopFactoryOfARunner(Trace trace)
    {
        var made = new List<EventLoop>();

        EventLoop Factory()
        {
            trace("factory");
            made.Add(Aio.NewEventLoop());
            return made[^1];
        }

        async Coroutine Main() => trace($"same {Aio.GetRunningLoop() == made[^1]}");

        var runner = new Runner(loopFactory: Factory);
        trace("lazy");
        runner.Run(Main());
        runner.Run(Main());
        runner.Close();
        Aio.Run(Main(), loopFactory: Factory);
        trace($"closed {Show(made.Select(loop => loop.IsClosed))}");
    }
}
