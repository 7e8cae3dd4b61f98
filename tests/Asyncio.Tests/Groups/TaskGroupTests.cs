using Asyncio.Tests.Combinators;
using Xunit;
using static Asyncio.Tests.Combinators.Scenario;

namespace Asyncio.Tests.Groups;

public class TaskGroupTests
{
    private static Coroutine Group(Func<TaskGroup, Coroutine> body) => TaskGroup.Run(body);

    [Fact]
    public void It_waits_for_the_children_and_their_results_are_there_after_it()
    {
        var s = Run(async s =>
        {
            AsyncTask<string> a = null!, b = null!;
            await Group(async group =>
            {
                a = group.CreateTask(Work("a", 3));
                b = group.CreateTask(Work("b", 1), name: "bee");
                s.Trace("body ends");
            });
            s.Trace($"{a.Result()} {b.Result()} {b.Name}");

            async Coroutine<string> Work(string name, int turns)
            {
                await Spin(turns);
                s.Trace($"{name} ends");
                return name;
            }
        });
        Assert.Equal("body ends, b ends, a ends, a b bee", s.Text);
    }

    [Fact]
    public void It_gives_what_the_body_gives() => Run(async () =>
    {
        Assert.Equal(3, await TaskGroup.Run(async group => await group.CreateTask(Give(1)) + await group.CreateTask(Give(2))));
        Assert.Equal(4, await TaskGroup.Run(TaskBody));
        await TaskGroup.Run(static async (TaskGroup group) => { await Task.Yield(); });

        static async Task<int> TaskBody(TaskGroup group)
        {
            await Task.Yield();
            return await group.CreateTask(Give(4));
        }
    });

    [Fact]
    public void Leaving_takes_as_many_iterations_as_in_asyncio()
    {
        var s = Run(async s =>
        {
            var ticks = Aio.CreateTask(s.Ticks(5));
            await Group(async group => _ = group.CreateTask(Child()));
            s.Trace("left");
            await ticks;

            async Coroutine Child() => s.Trace("child");
        });
        Assert.Equal("tick 1, child, tick 2, tick 3, left, tick 4, tick 5", s.Text);
    }

    [Fact]
    public void An_empty_one_does_not_suspend()
    {
        var s = Run(async s =>
        {
            Aio.GetRunningLoop().CallSoon(() => s.Trace("callback"));
            await Group(static async _ => { });
            s.Trace("left");
            await Aio.Yield();
        });
        Assert.Equal("left, callback", s.Text);
    }

    [Fact]
    public void A_child_may_add_children_while_the_group_is_leaving()
    {
        var s = Run(async s =>
        {
            await Group(async group => _ = group.CreateTask(Child(group, 1)));
            s.Trace("left");

            async Coroutine Child(TaskGroup group, int number)
            {
                await Spin(2);
                s.Trace($"child {number}");
                if (number < 3)
                {
                    _ = group.CreateTask(Child(group, number + 1));
                }
            }
        });
        Assert.Equal("child 1, child 2, child 3, left", s.Text);
    }

    [Fact]
    public void A_failing_child_cancels_its_siblings_and_the_body()
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(Group(async group =>
            {
                _ = group.CreateTask(s.Hang("sibling"));
                _ = group.CreateTask(Throw(new FormatException(), 2));
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    s.Trace($"body cancelled, requests {Requests}");
                    throw;
                }
            })));
            s.Trace($"requests {Requests}");
        });
        Assert.Equal("sibling: Cancelled, body cancelled, requests 1, Group[Format], requests 0", s.Text);
    }

    [Fact]
    public void Failures_come_in_the_order_of_completion_and_the_bodys_last()
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(Group(static async group =>
            {
                _ = group.CreateTask(FailWhenCancelled(new TimeZoneNotFoundException()));
                _ = group.CreateTask(Throw(new FormatException(), 1));
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    throw new DivideByZeroException();
                }
            })));

            static async Coroutine FailWhenCancelled(Exception error)
            {
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    throw error;
                }
            }
        });
        Assert.Equal("Group[Format, TimeZoneNotFound, DivideByZero]", s.Text);
    }

    [Fact]
    public void A_cancelled_child_is_no_failure() => Run(async () =>
        await Group(static async group =>
        {
            var victim = group.CreateTask(Give(1, 9));
            _ = group.CreateTask(Throw(new CancelledException()));
            await Aio.Yield();
            victim.Cancel();
            await Spin(3);
        }));

    [Fact]
    public void A_failing_body_cancels_the_children()
    {
        var s = Run(async s =>
        {
            AsyncTask<int> unstarted = null!;
            s.Trace(await Attempt(Group(async group =>
            {
                _ = group.CreateTask(s.Hang("child"));
                await Aio.Yield();
                unstarted = group.CreateTask(s.Hang("never started"));
                throw new DivideByZeroException();
            })));
            Assert.True(unstarted.Cancelled());
        });
        Assert.Equal("child: Cancelled, Group[DivideByZero]", s.Text);
    }

    [Fact]
    public void Cancelling_the_parent_cancels_the_children()
    {
        var s = Run(async s =>
        {
            var task = Aio.CreateTask(Group(async group => _ = group.CreateTask(s.Hang("child"))));
            await Spin(2);
            task.Cancel("outside");
            s.Trace(await Attempt(task));
            Assert.Equal(1, task.Cancelling());
        });
        Assert.Equal("child: Cancelled, Cancelled(outside)", s.Text);
    }

    [Fact]
    public void Failures_during_a_cancellation_outrank_it_and_it_comes_at_the_next_await()
    {
        var s = Run(async s =>
        {
            var task = Aio.CreateTask(Body());
            await Spin(3);
            task.Cancel("outside");
            s.Trace(await Attempt(task));

            async Coroutine Body()
            {
                s.Trace(await Attempt(Group(async group => _ = group.CreateTask(Fails()))) + $" {Requests}");
                s.Trace("next " + await Attempt(Aio.Sleep(60)));
                await Aio.Yield();
                throw new CancelledException();
            }

            static async Coroutine Fails()
            {
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    throw new FormatException();
                }
            }
        });
        Assert.Equal("Group[Format] 1, next Cancelled, Cancelled", s.Text);
    }

    [Fact]
    public void Failure_and_cancellation_in_one_iteration()
    {
        var s = Run(async s =>
        {
            var gate = Forever();
            var task = Aio.CreateTask(Body());
            await Spin(2);
            gate.SetException(new FormatException());
            await Spin(2);
            task.Cancel();
            s.Trace(await Attempt(task));

            async Coroutine Body()
            {
                s.Trace(await Attempt(Group(async group =>
                {
                    _ = group.CreateTask(gate.AsCoroutine());
                    try
                    {
                        await Forever();
                    }
                    finally
                    {
                        s.Trace($"body {Requests}");
                    }
                })) + $" {Requests}");
                await Aio.Yield();
                s.Trace("never");
            }
        });
        Assert.Equal("body 2, Group[Format] 1, Cancelled", s.Text);
    }

    [Fact]
    public void Cancelling_again_while_leaving_does_not_cancel_the_children_again()
    {
        var s = Run(async s =>
        {
            var task = Aio.CreateTask(Group(async group => _ = group.CreateTask(s.Hang("child", cleanup: 5))));
            await Spin(2);
            task.Cancel("first");
            await Spin(3);
            task.Cancel("second");
            await Spin(1);
            Assert.Equal((false, 2), (task.Done(), task.Cancelling()));
            s.Trace(await Attempt(task));
        });
        Assert.Equal("child: Cancelled, Cancelled(first)", s.Text);
    }

    [Fact]
    public void Both_nested_groups_fail()
    {
        var s = Run(async s =>
        {
            s.Trace("outer " + await Attempt(Group(async outer =>
            {
                _ = outer.CreateTask(Throw(new FormatException(), 2));
                try
                {
                    await Group(static async inner => _ = inner.CreateTask(FailsWhenCancelled()));
                }
                catch (ExceptionGroup e)
                {
                    s.Trace($"inner {Kind(e)} {Requests}");
                    throw;
                }
            })) + $" {Requests}");

            static async Coroutine FailsWhenCancelled()
            {
                try
                {
                    await Forever();
                }
                catch (CancelledException)
                {
                    throw new TimeZoneNotFoundException();
                }
            }
        });
        Assert.Equal("inner Group[TimeZoneNotFound] 1, outer Group[Format, Group[TimeZoneNotFound]] 0", s.Text);
    }

    [Fact]
    public void A_failure_in_the_outer_group_cancels_the_inner_and_not_the_other_way_round()
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(Group(async outer =>
            {
                _ = outer.CreateTask(Throw(new FormatException(), 2));
                await Group(async inner => _ = inner.CreateTask(s.Hang("grandchild")));
            })));
            await Group(async outer =>
            {
                var sibling = outer.CreateTask(Give("sibling", 6));
                s.Trace(await Attempt(Group(static async inner => _ = inner.CreateTask(Throw(new FormatException())))) + $" {Requests}");
                s.Trace(await sibling);
            });
        });
        Assert.Equal("grandchild: Cancelled, Group[Format], Group[Format] 0, sibling", s.Text);
    }

    [Fact]
    public void An_interrupt_comes_out_bare()
    {
        var s = Run(async s =>
        {
            s.Trace(await Attempt(Group(async group =>
            {
                _ = group.CreateTask(s.Hang("child"));
                await Aio.Yield();
                throw new KeyboardInterruptException();
            })));
        });
        Assert.Equal("child: Cancelled, KeyboardInterrupt", s.Text);
    }

    [Fact]
    public void It_takes_no_children_while_shutting_down_or_afterwards() => Run(async () =>
    {
        TaskGroup? group = null;
        Assert.Equal("Group[Format]", await Attempt(Group(async g =>
        {
            group = g;
            _ = g.CreateTask(Throw(new FormatException()));
            try
            {
                await Forever();
            }
            finally
            {
                Refused("shutting down");
            }
        })));
        Refused("finished");
        Assert.Equal("<TaskGroup cancelling>", group!.ToString());

        void Refused(string why)
        {
            var coroutine = Give(1);
            Assert.Contains(why, Assert.Throws<InvalidOperationException>(() => group!.CreateTask(coroutine)).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => Aio.CreateTask(coroutine)); // closed
        }
    });

    [Fact]
    public void Outside_a_task_it_cannot_be_made()
    {
        Assert.Throws<InvalidOperationException>(() => new TaskGroup());
        Assert.Throws<ArgumentNullException>(() => TaskGroup.Run((Func<TaskGroup, Coroutine>)null!));
    }

    [Fact]
    public void An_eager_child_that_fails_cancels_the_body_later_not_at_once() => Run(async () =>
    {
        Assert.Equal("Group[Format]", await Attempt(Group(static async group =>
        {
            _ = group.CreateTask(Throw(new FormatException()), eagerStart: true);
            _ = group.CreateTask(Give(1), eagerStart: true); // not refused yet
            Assert.Equal(0, Requests);
            await Aio.Yield();
            Assert.Fail("never");
        })));
        Assert.Equal(0, Requests);
    });

    [Fact]
    public void Cancel_stops_it_without_an_error()
    {
        var s = Run(async s =>
        {
            await Group(async group =>
            {
                _ = group.CreateTask(s.Hang("child"));
                _ = group.CreateTask(Stop(group));
                await Forever();
            });
            s.Trace($"left {Requests}");

            // From the body itself, which then waits for nothing any more.
            await Group(async group =>
            {
                _ = group.CreateTask(s.Hang("another"));
                await Aio.Yield();
                group.Cancel();
                group.Cancel();
            });
            s.Trace($"left {Requests}");
            await Aio.Yield();

            s.Trace(await Attempt(Group(async group =>
            {
                _ = group.CreateTask(Throw(new FormatException(), 2));
                await Spin(3);
                group.Cancel();
            })));

            static async Coroutine Stop(TaskGroup group)
            {
                await Spin(2);
                group.Cancel();
            }
        });
        Assert.Equal("child: Cancelled, left 0, another: Cancelled, left 0, Group[Format]", s.Text);
    }

    [Fact]
    public void Cancel_does_not_swallow_a_cancellation_from_outside() => Run(async () =>
    {
        TaskGroup? group = null;
        var task = Aio.CreateTask(Group(async g =>
        {
            group = g;
            await Forever();
        }));
        await Aio.Yield();
        group!.Cancel();
        task.Cancel("outside");
        await Aio.Wait([task]);
        Assert.True(task.Cancelled());
        Assert.Equal(1, task.Cancelling());
    });

    [Fact]
    public void Limited_concurrency_starts_children_in_their_order_as_slots_get_free() => Run(async s =>
    {
        var running = 0;
        var most = 0;
        await TaskGroup.Run(
            async group =>
            {
                for (var i = 0; i < 20; i++)
                {
                    _ = group.CreateTask(Work(i));
                }
            },
            maxConcurrency: 3);
        Assert.Equal(3, most);
        Assert.Equal(string.Join(", ", Enumerable.Range(0, 20)), s.Text);

        async Coroutine Work(int number)
        {
            s.Trace($"{number}");
            most = Math.Max(most, ++running);
            await Spin(2 + (number % 3));
            running--;
        }
    });

    [Fact]
    public void A_child_cancelled_in_the_queue_never_runs_and_takes_no_slot() => Run(async s =>
    {
        await TaskGroup.Run(
            async group =>
            {
                var first = group.CreateTask(Give(1, 4));
                var second = group.CreateTask(s.Hang("never"));
                var third = group.CreateTask(Give(3, 1));
                var fourth = group.CreateTask(s.Hang("never"));
                fourth.Cancel();
                await Spin(2);
                second.Cancel("queued");
                Assert.Equal("Cancelled(queued)", await Attempt(second));
                Assert.False(first.Done());
                Assert.Equal(3, await third);
            },
            maxConcurrency: 1);
        Assert.Equal("", s.Text);

        // Cancelled when the slot is granted and the child has not run yet.
        await TaskGroup.Run(
            async group =>
            {
                var first = group.CreateTask(Give(1, 1));
                var second = group.CreateTask(s.Hang("never"));
                var third = group.CreateTask(Give(3));
                first.AddDoneCallback(_ => second.Cancel());
                while (!first.Done())
                {
                    await Aio.Yield();
                    if (first.Done())
                    {
                        second.Cancel();
                    }
                }

                Assert.Equal(3, await third);
            },
            maxConcurrency: 1);
        Assert.Equal("", s.Text);

        Assert.Equal("Group[Format]", await Attempt(TaskGroup.Run(
            async group =>
            {
                _ = group.CreateTask(Throw(new FormatException(), 1));
                _ = group.CreateTask(s.Hang("never"));
            },
            maxConcurrency: 1)));
        Assert.Equal("", s.Text);
        Assert.Equal("ArgumentOutOfRange", await Attempt(TaskGroup.Run(static async _ => { }, maxConcurrency: 0)));
    });

    [Fact]
    public void A_child_that_fails_after_its_parent_is_reported()
    {
        var s = Run(async s =>
        {
            AsyncTask<int> child = null!;
            await Aio.CreateTask(Parent());
            s.Trace("parent is over");
            await Spin(6);
            s.Trace(Kind(child.Exception()));

            async Coroutine Parent()
            {
                var group = new TaskGroup();
                child = group.CreateTask(Throw(new FormatException(), 3));
                await Aio.Yield();
            }
        });
        Assert.Equal("parent is over, Format", s.Text);
        Assert.Contains("already completed", Assert.Single(s.Reports).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_that_obeys_the_token_counts_as_cancelled() => Run(async () =>
        Assert.Equal("Group[Format]", await Attempt(Group(static async group =>
        {
            _ = group.CreateTask(Throw(new FormatException(), 1));
            await Task.Delay(-1, Aio.CancellationToken);
        }))));
}
