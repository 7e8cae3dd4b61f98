using Asyncio.IO.Tests.Reactors;
using Asyncio.LowLevel;
using Xunit;

namespace Asyncio.IO.Tests.Faults;

/// <summary>Small programs under every fault that a reactor can have, at each operation, and cancelled after each step.</summary>
public class ExplorationTests
{
    public static TheoryData<ReactorKind, string> All
    {
        get
        {
            var all = new TheoryData<ReactorKind, string>();
            foreach (var scenario in Scenarios.All.Keys)
            {
                all.Add(ReactorKind.IoUring, scenario);
                all.Add(ReactorKind.Epoll, scenario);
                all.Add(ReactorKind.Portable, scenario);
            }

            return all;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void What_is_seldom_and_legal_changes_nothing(ReactorKind kind, string scenario) => Explore(kind, scenario).Noise(runs: 20);

    [Theory, MemberData(nameof(All))]
    public void An_error_at_any_operation_is_clear_and_leaves_nothing_behind(ReactorKind kind, string scenario) => Explore(kind, scenario).Errors();

    [Theory, MemberData(nameof(All))]
    public void A_cancellation_after_any_step_leaves_nothing_behind(ReactorKind kind, string scenario) => Explore(kind, scenario).Cancellations();

    [Theory, MemberData(nameof(All))]
    public void All_of_it_at_once_leaves_nothing_behind(ReactorKind kind, string scenario) => Explore(kind, scenario).Everything(runs: 30);

    private static Exploration Explore(ReactorKind kind, string scenario) => new(kind, Scenarios.All[scenario]);
}
