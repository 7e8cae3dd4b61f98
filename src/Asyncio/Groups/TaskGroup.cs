using System.Diagnostics;
using System.Runtime.CompilerServices;
using Asyncio.LowLevel;

namespace Asyncio;

/// <summary>
/// Tasks that live no longer than a part of a program: whoever leaves the group has waited for all of them, and the first failure cancels
/// the others. The counterpart of <c>asyncio.TaskGroup</c>.
/// </summary>
/// <remarks>
/// The exact spelling is <c>await TaskGroup.Run(async group => { … })</c>. The flat one,
/// <c>await using var group = new TaskGroup(); …; await group.JoinAsync();</c>, must end in <see cref="JoinAsync"/> on every path: leaving
/// without it cancels the children.
/// <para>
/// When a child fails, the other children and the body are cancelled; when all have ended, an <see cref="ExceptionGroup"/> of all failures is
/// thrown: those of the children in the order in which they ended, then the body's. A child that was cancelled is no failure. A
/// <see cref="KeyboardInterruptException"/> comes out bare. A cancellation of the task from outside cancels the children and goes on its way
/// when they have ended; if any fails then, the <see cref="ExceptionGroup"/> is thrown and the cancellation arrives at the next await.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class TaskGroup : IAsyncDisposable
{
    private readonly EventLoop _loop;
    private readonly TaskStrand _parent;
    private readonly TokenScope _tokens;
    private readonly TaskSlots? _slots;
    private readonly string? _place;
    private readonly int _requestsAtEntry;
    private readonly List<Exception> _errors = [];
    private Member? _first;
    private Member? _last;
    private int _count;
    private bool _exiting;
    private bool _aborting;
    private bool _parentCancelRequested;
    private KeyboardInterruptException? _interrupt;
    private ThrownWatch? _watch;

    /// <summary>A group of the current task, in the flat spelling. Dispose of it with <c>await using</c>, after <see cref="JoinAsync"/>.</summary>
    /// <param name="maxConcurrency">How many children run at once; the others wait for their turn, first come, first served. Null is without limit.</param>
    /// <param name="member">Where it was made: filled in by the compiler.</param>
    /// <param name="line">Where it was made: filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">No task runs here.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxConcurrency"/> is less than one.</exception>
    public TaskGroup(int? maxConcurrency = null, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
        : this(maxConcurrency, $"{member}, line {line}")
    {
    }

    private TaskGroup(int? maxConcurrency, string? place)
    {
        if (maxConcurrency < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(maxConcurrency), maxConcurrency, "At least one child must be able to run.");
        }

        _parent = Strand.Active?.Task ?? throw new InvalidOperationException("TaskGroup cannot determine the parent task: it can be made inside a task only.");
        _loop = _parent.Loop;
        _place = place;
        _requestsAtEntry = _parent.Requests;
        _tokens = _parent.Details.EnterTokenScope();
        _slots = maxConcurrency is { } count ? new TaskSlots(count) : null;
    }

    /// <summary>How many children have not ended.</summary>
    public int Count => _count;

    private bool IsFinished => _exiting && _first is null;

    /// <summary>Runs the coroutine as a task of this group. May also be called by its tasks, and while the group waits for them. Asyncio: <c>create_task()</c>.</summary>
    /// <param name="coroutine">What to run; used up by this, also when the call is refused.</param>
    /// <param name="name">The task's name; null is <c>Task-N</c>.</param>
    /// <param name="context">The context to run in, shared with its other users; null is a copy of the current one.</param>
    /// <param name="eagerStart">True: the first step runs inside this call. Null is what the loop's task factory says; without one, false.</param>
    /// <returns>The task; its result is there after the group.</returns>
    /// <exception cref="InvalidOperationException">The group has ended or is being cancelled, or the coroutine was used before.</exception>
    public AsyncTask CreateTask(Coroutine coroutine, string? name = null, Context? context = null, bool? eagerStart = null)
    {
        CloseIfRefused(coroutine);
        var gated = _slots is null ? coroutine : GatedFrame<Unit>.Create(_slots, coroutine.AsCoroutine()).AsUnit();
        var task = _loop.CreateTask(gated, name, context, eagerStart);
        Add(task);
        return task;
    }

    /// <inheritdoc cref="CreateTask(Coroutine, string?, Context?, bool?)"/>
    public AsyncTask<T> CreateTask<T>(Coroutine<T> coroutine, string? name = null, Context? context = null, bool? eagerStart = null)
    {
        CloseIfRefused(coroutine);
        var gated = _slots is null ? coroutine : GatedFrame<T>.Create(_slots, coroutine);
        var task = _loop.CreateTask(gated, name, context, eagerStart);
        Add(task);
        return task;
    }

    /// <summary>
    /// Stops the group: cancels its children and its body; the group then ends without raising the cancellation. Failures of children
    /// still are raised, and so is a cancellation from outside. Does nothing after the end, or a second time. Does not suspend. Asyncio: <c>cancel()</c>.
    /// </summary>
    /// <remarks>In the flat spelling it swallows the cancellation only where that arrives in <see cref="JoinAsync"/>: what the body throws passes an <c>await using</c>.</remarks>
    public void Cancel()
    {
        if (!IsFinished && !_aborting)
        {
            AbortAll();
        }
    }

    /// <summary>What it is and how it stands.</summary>
    public override string ToString()
    {
        var tasks = _count > 0 ? $" tasks={_count}" : "";
        var errors = _errors.Count > 0 ? $" errors={_errors.Count}" : "";
        return $"<TaskGroup{tasks}{errors}{(_aborting ? " cancelling" : IsFinished ? " finished" : " entered")}>";
    }

    private void CloseIfRefused<TClosable>(TClosable coroutine)
        where TClosable : IClosable
    {
        if (IsFinished || _aborting)
        {
            coroutine.Close();
            throw new InvalidOperationException($"{this} is {(IsFinished ? "finished" : "shutting down")}: it takes no more tasks.");
        }
    }

    private void Add(Future task)
    {
        var member = new Member(this, task) { Previous = _last };
        if (_last is null)
        {
            _first = member;
        }
        else
        {
            _last.Next = member;
        }

        _last = member;
        _count++;

        // Always through the loop: a child that fails in an eager first step must not cancel the body in the middle of CreateTask.
        task.AddListener(member);
    }

    private void OnTaskDone(Member member)
    {
        Remove(member);
        if (_first is null)
        {
            _exit?.WakeUp();
        }

        if (member.Task.IsFaulted)
        {
            OnFailure(member.Task, member.Task.Exception()!);
        }
    }

    private void OnFailure(Future task, Exception error)
    {
        _errors.Add(error);
        _interrupt ??= error as KeyboardInterruptException;
        if (_parent.Owner.IsCompleted)
        {
            _loop.EnterCallback(null);
            Report($"{task.Describe()} has errored out but its parent task {_parent.Name} is already completed", error, task);
        }
        else if (!_aborting && !_parentCancelRequested)
        {
            AbortAll();
        }
    }

    /// <summary>Cancels the children, and the body, whatever it does now; that request is taken back at the end.</summary>
    private void AbortAll()
    {
        AbortChildren();
        if (_place is not null && !_exiting)
        {
            _watch = ThrownWatch.Begin(_parent.Details);
        }

        _parentCancelRequested = true;
        _parent.Cancel(null, _tokens);
    }

    private void AbortChildren()
    {
        _aborting = true;
        for (var member = _first; member is not null; member = member.Next)
        {
            if (!member.Task.IsCompleted)
            {
                member.Task.Cancel();
            }
        }
    }

    private void Remove(Member member)
    {
        if (member.Previous is null)
        {
            _first = member.Next;
        }
        else
        {
            member.Previous.Next = member.Next;
        }

        if (member.Next is null)
        {
            _last = member.Previous;
        }
        else
        {
            member.Next.Previous = member.Previous;
        }

        _count--;
    }

    private void Report(string message, Exception? error = null, Future? task = null) =>
        _loop.CallExceptionHandler(new ExceptionContext(message) { Exception = error, Future = task });

    /// <summary>A child that has not ended: its place in the list, and the listener for its end.</summary>
    private sealed class Member(TaskGroup group, Future task) : Runnable
    {
        internal Member? Previous;
        internal Member? Next;

        internal Future Task => task;

        internal override void Run(object? argument) => group.OnTaskDone(this);
    }
}
