using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Asyncio;

/// <summary>
/// The awaiters behind which a <see cref="Task"/> may stand: those of <c>Task</c>, <c>Task&lt;T&gt;</c>, <c>ValueTask</c>,
/// <c>ValueTask&lt;T&gt;</c>, plain and configured. Knows how to find that task and how to make an awaiter of the type that throws.
/// </summary>
internal sealed class ForeignAwaiterKind
{
    private readonly Func<Exception, object>? _throwing;
    private readonly Func<object, bool> _isCanceled;

    private ForeignAwaiterKind(Type awaiter, Func<Exception, object>? throwing, Func<object, bool> isCanceled)
    {
        AwaiterType = awaiter;
        _throwing = throwing;
        _isCanceled = isCanceled;
    }

    internal Type AwaiterType { get; }

    /// <summary>Null for awaiters that must never be abandoned because nothing is known of them.</summary>
    internal static ForeignAwaiterKind? Of<TAwaiter>() => Cache<TAwaiter>.Kind;

    /// <summary>The task behind an awaiter of a known kind; null for a value task over a source, which may own the caller's buffer.</summary>
    internal static Task? TaskIn<TAwaiter>(ref TAwaiter awaiter) =>
        Unsafe.As<TAwaiter, object?>(ref awaiter) as Task; // the reference to the task or source is the first field of all of them

    internal object Throwing(Exception error, object original) => _throwing is null ? original : _throwing(error);

    internal bool CanThrow => _throwing is not null;

    /// <summary>Whether the operation at which the frame is parked has ended by cancellation.</summary>
    internal bool IsCanceled(Frame frame) => frame.ParkedAwaiter(AwaiterType) is { } awaiter && _isCanceled(awaiter);

    private static class Cache<TAwaiter>
    {
        internal static readonly ForeignAwaiterKind? Kind = Make(typeof(TAwaiter));
    }

    private static ForeignAwaiterKind? Make(Type type)
    {
        if (type == typeof(TaskAwaiter))
        {
            return new(type, static e => Failed(e).GetAwaiter(), static _ => false);
        }

        if (type == typeof(ConfiguredTaskAwaitable.ConfiguredTaskAwaiter))
        {
            // Without SuppressThrowing, whatever the original said: the cancellation must be seen.
            return new(type, static e => Failed(e).ConfigureAwait(true).GetAwaiter(), static _ => false);
        }

        if (type == typeof(ValueTaskAwaiter))
        {
            return new(type, static e => new ValueTask(Failed(e)).GetAwaiter(), static a => Read<ValueTaskAwaiter, ValueTask>(a).IsCanceled);
        }

        if (type == typeof(ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter))
        {
            return new(type, static e => new ValueTask(Failed(e)).ConfigureAwait(true).GetAwaiter(), static a => Read<ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter, ValueTask>(a).IsCanceled);
        }

        return type.IsGenericType && s_generic.TryGetValue(type.GetGenericTypeDefinition(), out var method) ? MakeGeneric(type, method) : null;
    }

    private static readonly Dictionary<Type, string> s_generic = new()
    {
        [typeof(TaskAwaiter<>)] = nameof(Replacement<int>.OfTask),
        [typeof(ConfiguredTaskAwaitable<>.ConfiguredTaskAwaiter)] = nameof(Replacement<int>.OfConfiguredTask),
        [typeof(ValueTaskAwaiter<>)] = nameof(Replacement<int>.OfValueTask),
        [typeof(ConfiguredValueTaskAwaitable<>.ConfiguredValueTaskAwaiter)] = nameof(Replacement<int>.OfConfiguredValueTask),
    };

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "All methods of Replacement are kept by the dependency below.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Where the instantiation does not exist the await is not abandoned: the cancellation waits for the next one.")]
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "Replacement<T> has no requirements on T.")]
    [DynamicDependency(DynamicallyAccessedMemberTypes.NonPublicMethods | DynamicallyAccessedMemberTypes.PublicMethods, typeof(Replacement<>))]
    private static ForeignAwaiterKind MakeGeneric(Type type, string method)
    {
        try
        {
            var replacement = typeof(Replacement<>).MakeGenericType(type.GetGenericArguments()[0]);
            var make = replacement.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.CreateDelegate<Func<Exception, object>>();
            var canceled = replacement.GetMethod(nameof(Replacement<int>.IsCanceled), BindingFlags.Static | BindingFlags.NonPublic)!.CreateDelegate<Func<object, bool>>();
            return new(type, make, canceled);
        }
        catch (NotSupportedException)
        {
            return new(type, null, static _ => false);
        }
    }

    private static Task Failed(Exception error)
    {
        var task = Task.FromException(error);
        _ = task.Exception; // observed: a frame that never looks must not raise UnobservedTaskException
        return task;
    }

    /// <summary>The value task inside a boxed awaiter, which holds nothing else.</summary>
    private static TValue Read<TAwaiter, TValue>(object boxed)
        where TAwaiter : struct
    {
        var awaiter = (TAwaiter)boxed;
        return Unsafe.As<TAwaiter, TValue>(ref awaiter);
    }

    private static class Replacement<T>
    {
        internal static object OfTask(Exception e) => Failed(e).GetAwaiter();

        internal static object OfConfiguredTask(Exception e) => Failed(e).ConfigureAwait(true).GetAwaiter();

        internal static object OfValueTask(Exception e) => new ValueTask<T>(Failed(e)).GetAwaiter();

        internal static object OfConfiguredValueTask(Exception e) => new ValueTask<T>(Failed(e)).ConfigureAwait(true).GetAwaiter();

        internal static bool IsCanceled(object boxed) => boxed switch
        {
            ValueTaskAwaiter<T> => Read<ValueTaskAwaiter<T>, ValueTask<T>>(boxed).IsCanceled,
            ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter => Read<ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter, ValueTask<T>>(boxed).IsCanceled,
            _ => false,
        };

        private static Task<T> Failed(Exception error)
        {
            var task = Task.FromException<T>(error);
            _ = task.Exception;
            return task;
        }
    }
}
