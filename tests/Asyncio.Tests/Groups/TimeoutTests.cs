using Asyncio.Tests.Combinators;
using Asyncio.Tests.Coroutines;
using Asyncio.Tests.Runtime;
using Xunit;
using static Asyncio.Tests.Combinators.Scenario;

namespace Asyncio.Tests.Groups;

/// <summary>The rules of asyncio's timeouts, in both spellings.</summary>
public class TimeoutTests
{
    public static TheoryData<Spelling> Both => [Spelling.Exact, Spelling.Flat];

    [Fact]
    public void A_deadline_may_be_given_instead_of_a_limit() => Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        var when = loop.Time() + 60;
        Assert.Equal(7, await Aio.TimeoutAt(when, async () => await Aio.Sleep(0, 7)));
        Assert.Equal(when, await Aio.TimeoutAt(when, async scope =>
        {
            await Aio.Yield();
            return scope.When();
        }));
        try
        {
            await Aio.TimeoutAt(loop.Time() - 1, async () => await Aio.Sleep(60));
            Assert.Fail("It was in the past.");
        }
        catch (TimeoutException)
        {
            Assert.Equal(0, Requests);
        }

        await Aio.TimeoutAt(double.PositiveInfinity, async scope =>
        {
            scope.Reschedule(when);
            await Aio.Yield();
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => Aio.TimeoutAt(double.NaN, async () => await Aio.Yield()));
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void A_body_in_time_is_left_alone(Spelling spelling) => Run(async () =>
    {
        AsyncTimeout? scope = null;
        await spelling.Timeout(60, async s =>
        {
            scope = s;
            await Aio.Yield();
            Assert.False(s.Expired());
        });
        Assert.False(scope!.Expired());
        Assert.Equal(0, Requests);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void The_timeout_says_the_limit(Spelling spelling) => Run(async s =>
    {
        var plain = await OnLoop.Throws<TimeoutException>(() => spelling.Timeout(0.01, async _ => await Forever()));
        Assert.Equal("The time limit of Aio.Timeout was exceeded: 0.01 s.", plain.Message);
        var moved = await OnLoop.Throws<TimeoutException>(() => spelling.Timeout(double.PositiveInfinity, async scope =>
        {
            scope.Reschedule(0);
            await Forever();
        }));
        Assert.Equal("The time limit of Aio.Timeout was exceeded.", moved.Message);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void Too_late_is_a_timeout_whose_cause_is_the_cancellation(Spelling spelling)
    {
        var s = Run(async s =>
        {
            AsyncTimeout? scope = null;
            try
            {
                await spelling.Timeout(0.01, async t =>
                {
                    scope = t;
                    try
                    {
                        await Forever();
                        s.Trace("never");
                    }
                    catch (CancelledException e)
                    {
                        s.Trace($"inside {Kind(e)} {t.Expired()} {Requests}");
                        throw;
                    }
                    finally
                    {
                        s.Trace("finally");
                    }
                });
                s.Trace("never");
            }
            catch (TimeoutException e)
            {
                s.Trace($"outside {Kind(e)} because of {Kind(e.InnerException)}");
            }

            Assert.True(scope!.Expired());
            Assert.Equal(0, Requests);
        });
        Assert.Equal("inside Cancelled True 1, finally, outside Timeout because of Cancelled", s.Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Zero_and_the_past_interrupt_even_a_sleep_of_zero(Spelling spelling) => Run(async () =>
    {
        Assert.Equal("Timeout", await Attempt(spelling.Timeout(0, static async _ => await Aio.Sleep(0))));
        Assert.Equal("Timeout", await Attempt(spelling.Timeout(-5, static async _ => await Aio.Sleep(0))));
        AsyncTimeout? scope = null;
        await spelling.Timeout(0, async s => scope = s);
        Assert.False(scope!.Expired());
        await Aio.Yield();
        Assert.Equal(0, Requests);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void Zero_fires_on_the_next_iteration(Spelling spelling)
    {
        var s = Run(async s =>
        {
            var ticks = Aio.CreateTask(s.Ticks(4));
            s.Trace(await Attempt(spelling.Timeout(0, static async _ => await Forever())));
            await ticks;
        });
        Assert.Equal("tick 1, tick 2, Timeout, tick 3, tick 4", s.Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_body_that_swallows_the_cancellation_is_let_go(Spelling spelling) => Run(async () =>
    {
        AsyncTimeout? scope = null;
        await spelling.Timeout(0.01, async s =>
        {
            scope = s;
            Assert.Equal("Cancelled", await Attempt(Forever()));
        });
        Assert.True(scope!.Expired());
        Assert.Equal(0, Requests);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void What_the_body_fails_with_comes_out(Spelling spelling) => Run(async () =>
    {
        Assert.Equal("Format", await Attempt(spelling.Timeout(60, static async _ =>
        {
            await Aio.Yield();
            throw new FormatException();
        })));
        Assert.Equal("Format", await Attempt(spelling.Timeout(0.01, static async _ =>
        {
            try
            {
                await Forever();
            }
            catch (CancelledException)
            {
                throw new FormatException();
            }
        })));
        var own = new TimeoutException("the body's own");
        var error = await Assert.ThrowsAsync<TimeoutException>(
            () => spelling.Timeout(60, async _ => throw own).AsTask(Aio.GetRunningLoop()));
        Assert.Same(own, error);
        Assert.Equal(0, Requests);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void Cleanup_of_the_body_is_waited_for(Spelling spelling)
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(spelling.Timeout(0.01, async _ =>
            {
                try
                {
                    await Forever();
                }
                finally
                {
                    s.Trace("starts");
                    await Aio.Sleep(0.01);
                    s.Trace("ends");
                }
            })));
        });
        Assert.Equal("starts, ends, Timeout", s.Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Of_two_the_one_whose_deadline_passed_converts(Spelling spelling)
    {
        var s = Run(async s =>
        {
            await spelling.Timeout(60, async outer =>
            {
                s.Trace(await Attempt(spelling.Timeout(0.01, static async _ => await Forever())));
                await Aio.Yield();
                Assert.False(outer.Expired());
            });
            s.Trace(await Attempt(spelling.Timeout(0.01, async _ => await Between(spelling.Timeout(60, static async _ => await Forever())))));

            async Coroutine Between(Coroutine inner)
            {
                try
                {
                    await inner;
                }
                catch (CancelledException)
                {
                    s.Trace($"between {Requests}");
                    throw;
                }
            }
        });
        Assert.Equal("Timeout, between 1, Timeout", s.Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Of_equal_deadlines_the_outermost_converts(Spelling spelling)
    {
        var s = Run(
            async s =>
            {
                AsyncTimeout? outer = null, inner = null;
                var when = Aio.GetRunningLoop().Time() + 0.01;
                s.Trace(await Attempt(spelling.Timeout(double.PositiveInfinity, async o =>
                {
                    outer = o;
                    o.Reschedule(when);
                    try
                    {
                        await spelling.Timeout(double.PositiveInfinity, async i =>
                        {
                            inner = i;
                            i.Reschedule(when);
                            await Forever();
                        });
                    }
                    catch (CancelledException)
                    {
                        s.Trace($"between {Requests}");
                        throw;
                    }
                })));
                Assert.True(outer!.Expired() && inner!.Expired());
                Assert.Equal(0, Requests);
            },
            new JumpingClock());
        Assert.Equal("between 1, Timeout", s.Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_inner_fires_then_the_body_is_busy_past_the_outer(Spelling spelling)
    {
        var clock = new JumpingClock();
        var s = Run(
            async s =>
            {
                s.Trace(await Attempt(spelling.Timeout(0.05, async _ =>
                {
                    s.Trace("inner " + await Attempt(spelling.Timeout(0.01, static async _ => await Aio.Sleep(60))));
                    clock.Pass(0.08);
                    await Aio.Sleep(60);
                })));
            },
            clock);
        Assert.Equal("inner Timeout, Timeout", s.Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_outer_fires_while_the_inner_cleans_up(Spelling spelling)
    {
        var s = Run(
            async s =>
            {
                s.Trace(await Attempt(spelling.Timeout(0.03, async _ =>
                {
                    try
                    {
                        await spelling.Timeout(0.01, async _ =>
                        {
                            try
                            {
                                await Forever();
                            }
                            finally
                            {
                                await Forever();
                            }
                        });
                    }
                    catch (CancelledException)
                    {
                        s.Trace($"between {Requests}");
                        throw;
                    }
                })));
                Assert.Equal(0, Requests);
            },
            new JumpingClock());
        Assert.Equal("between 1, Timeout", s.Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_cancellation_from_outside_stays_one(Spelling spelling) => Run(async () =>
    {
        AsyncTimeout? scope = null;
        var task = Aio.CreateTask(spelling.Timeout(60, Wait));
        await Aio.Yield();
        task.Cancel("foreign");
        Assert.Equal("Cancelled(foreign)", await Attempt(task));
        Assert.Equal((false, 1), (scope!.Expired(), task.Cancelling()));

        task = Aio.CreateTask(spelling.Timeout(0, Wait));
        await Aio.Yield();
        task.Cancel("foreign");
        Assert.Equal("Cancelled(foreign)", await Attempt(task));
        Assert.Equal((true, 1), (scope.Expired(), task.Cancelling()));

        async Coroutine Wait(AsyncTimeout s)
        {
            scope = s;
            await Forever();
        }
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void A_cancelled_future_is_not_a_timeout(Spelling spelling) => Run(async () =>
    {
        var future = Forever();
        Aio.GetRunningLoop().CallSoon(() => future.Cancel());
        Assert.Equal("Cancelled", await Attempt(spelling.Timeout(60, async _ => await future)));
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void It_works_in_the_cleanup_of_a_cancelled_task(Spelling spelling)
    {
        var s = Run(async s =>
        {
            var task = Aio.CreateTask(Body(0.01));
            await Aio.Yield();
            task.Cancel("first");
            s.Trace(await Attempt(task));

            task = Aio.CreateTask(Body(60));
            await Aio.Yield();
            task.Cancel("first");
            await Spin(2);
            task.Cancel("second");
            s.Trace(await Attempt(task));

            async Coroutine Body(double limit)
            {
                try
                {
                    await Forever();
                }
                finally
                {
                    try
                    {
                        await spelling.Timeout(limit, static async _ => await Forever());
                    }
                    catch (TimeoutException)
                    {
                        s.Trace($"timeout {Requests}");
                    }
                }
            }
        });
        Assert.Equal("timeout 1, Cancelled(first), Cancelled(second)", s.Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_result_and_the_deadline_in_one_iteration_are_a_timeout(Spelling spelling)
    {
        var clock = new JumpingClock();
        Run(
            async () =>
            {
                var loop = Aio.GetRunningLoop();
                var future = Forever();
                loop.CallLater(0.01, () => future.SetResult(1));
                Assert.Equal("Timeout", await Attempt(spelling.Timeout(0.03, async _ =>
                {
                    loop.CallSoon(() => clock.Pass(0.06));
                    await future;
                })));
                Assert.Equal(1, future.Result());
            },
            clock);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void It_can_be_moved_and_disarmed(Spelling spelling) => Run(async () =>
    {
        var loop = Aio.GetRunningLoop();
        await spelling.Timeout(0.01, async s =>
        {
            s.Reschedule(double.PositiveInfinity);
            Assert.Equal(double.PositiveInfinity, s.When());
            await Aio.Sleep(0.03);
        });
        await spelling.Timeout(0.01, async s =>
        {
            s.Reschedule(loop.Time() + 60);
            await Aio.Sleep(0.03);
        });
        Assert.Equal("Timeout", await Attempt(spelling.Timeout(60, async s =>
        {
            s.Reschedule(loop.Time() - 1);
            Assert.False(s.Expired());
            await Aio.Yield();
        })));
        Assert.Equal("Timeout", await Attempt(spelling.Timeout(60, async s =>
        {
            loop.CallSoon(() => s.Reschedule(loop.Time()));
            await Forever();
        })));
        await spelling.Timeout(0, async s => s.Reschedule(loop.Time() + 60));
        await Aio.Yield();
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void Moving_it_too_late_is_an_error(Spelling spelling) => Run(async () =>
    {
        AsyncTimeout scope = null!;
        await spelling.Timeout(60, async s => scope = s);
        Assert.Contains("finished", Assert.Throws<InvalidOperationException>(() => scope.Reschedule(1)).Message, StringComparison.Ordinal);
        await Attempt(spelling.Timeout(0.01, async s =>
        {
            scope = s;
            try
            {
                await Forever();
            }
            finally
            {
                Assert.Contains("expiring", Assert.Throws<InvalidOperationException>(() => s.Reschedule(1)).Message, StringComparison.Ordinal);
            }
        }));
        Assert.Contains("expired", Assert.Throws<InvalidOperationException>(() => scope.Reschedule(1)).Message, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void The_token_inside_is_the_scopes_and_an_exception_that_obeys_it_converts(Spelling spelling) => Run(async () =>
    {
        var outside = Aio.CancellationToken;
        Assert.Equal("Timeout", await Attempt(spelling.Timeout(0.01, static async _ => await Task.Delay(-1, Aio.CancellationToken))));
        Assert.Equal("Timeout", await Attempt(spelling.Timeout(0.01, async _ => await spelling.Timeout(60, static async _ => await Obey()))));
        Assert.False(outside.IsCancellationRequested);
        Assert.False(Aio.CancellationToken.IsCancellationRequested);

        using var foreign = new CancellationTokenSource(1);
        Assert.Equal("TaskCanceled", await Attempt(spelling.Timeout(60, async _ => await Task.Delay(-1, foreign.Token))));

        static async Task Obey()
        {
            var source = new TaskCompletionSource();
            var token = Aio.CancellationToken;
            await using var registration = token.Register(() => source.SetResult());
            await source.Task;
            throw new OperationCanceledException(token);
        }
    });

    [Theory]
    [MemberData(nameof(Both))]
    public void Around_a_group_it_cancels_the_children(Spelling spelling)
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(spelling.Timeout(0.01, scope => TaskGroup.Run(async group => { _ = group.CreateTask(s.Hang("child")); }))));
            Assert.Equal(0, Requests);
        });
        Assert.Equal("child: Cancelled, Timeout", s.Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Outside_a_task_or_without_a_number_it_is_refused(Spelling spelling)
    {
        Assert.Throws<InvalidOperationException>(() => Aio.Timeout(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Aio.Timeout(double.NaN, static async () => { }));
        Run(async () =>
        {
            Exception? error = null;
            Aio.GetRunningLoop().CallSoon(() => error = Record.Exception(() => Aio.Timeout(1)));
            await Spin(2);
            Assert.IsType<InvalidOperationException>(error);
            Assert.Equal("ArgumentOutOfRange", await Attempt(Throws()));

            async Coroutine Throws()
            {
                await Aio.Yield();
                await spelling.Timeout(double.NaN, static async _ => { });
            }
        });
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Ten_thousand_leave_nothing_behind(Spelling spelling) => Run(async () =>
    {
        for (var i = 0; i < 10_000; i++)
        {
            await spelling.Timeout(60, static _ => Aio.Yield());
        }

        var expired = 0;
        for (var i = 0; i < 20; i++)
        {
            expired += await Attempt(spelling.Timeout(0, static async _ => await Forever())) == "Timeout" ? 1 : 0;
        }

        Assert.Equal((20, 0), (expired, Requests));
    });
}
