using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Asyncio;

/// <summary>
/// Several exceptions at once, as a <see cref="TaskGroup"/> raises them: a tree whose leaves are the exceptions. The counterpart of
/// Python's <c>ExceptionGroup</c>; <c>catch (ExceptionGroup e) when (e.Contains&lt;X&gt;())</c> is <c>except* X</c>.
/// </summary>
/// <remarks><see cref="AggregateException.Flatten"/> gives a plain <see cref="AggregateException"/>; the other members keep the tree.</remarks>
[SuppressMessage("Design", "CA1032", Justification = "A group without exceptions does not exist.")]
public class ExceptionGroup : AggregateException
{
    private readonly string _text;

    /// <summary>A group of at least one exception.</summary>
    /// <exception cref="ArgumentException">There is none, or one of them is null.</exception>
    public ExceptionGroup(string message, IEnumerable<Exception> exceptions)
        : base(message, exceptions)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (InnerExceptions.Count == 0)
        {
            throw new ArgumentException("An exception group needs at least one exception.", nameof(exceptions));
        }

        _text = message;
    }

    /// <summary>The text that was given, and the number of exceptions: <c>unhandled errors in a TaskGroup (2 sub-exceptions)</c>.</summary>
    public override string Message =>
        string.Create(CultureInfo.InvariantCulture, $"{_text} ({InnerExceptions.Count} sub-exception{(InnerExceptions.Count == 1 ? "" : "s")})");

    /// <summary>A group of the same kind and text with other exceptions: what the parts are made with. To be overridden by kinds of their own.</summary>
    public virtual ExceptionGroup Derive(IEnumerable<Exception> exceptions) => new(_text, exceptions);

    /// <summary>True if an <typeparamref name="X"/> is anywhere in the tree.</summary>
    [SuppressMessage("Naming", "CA1715", Justification = "As in except* X.")]
    public bool Contains<X>()
        where X : Exception => Contains(static error => error is X);

    /// <summary>True if an exception anywhere in the tree satisfies the condition; groups are asked before their members.</summary>
    public bool Contains(Func<Exception, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return predicate(this) || InnerExceptions.Any(error => error is ExceptionGroup group ? group.Contains(predicate) : predicate(error));
    }

    /// <summary>Parts the tree in what is an <typeparamref name="X"/> and what is not, each with the structure it had; null where there is nothing. Python: <c>split()</c>.</summary>
    [SuppressMessage("Naming", "CA1715", Justification = "As in except* X.")]
    public (ExceptionGroup? Match, ExceptionGroup? Others) Split<X>()
        where X : Exception => Split(static error => error is X);

    /// <summary>Parts the tree in what satisfies the condition and what does not. A group that satisfies it counts as a whole.</summary>
    public (ExceptionGroup? Match, ExceptionGroup? Others) Split(Func<Exception, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        if (predicate(this))
        {
            return (this, null);
        }

        var match = new List<Exception>();
        var rest = new List<Exception>();
        foreach (var error in InnerExceptions)
        {
            if (error is ExceptionGroup group)
            {
                var (inside, outside) = group.Split(predicate);
                AddIfAny(match, inside);
                AddIfAny(rest, outside);
            }
            else
            {
                (predicate(error) ? match : rest).Add(error);
            }
        }

        return (Part(match), Part(rest));
    }

    /// <summary>The part of the tree that is an <typeparamref name="X"/>; null if there is none. Python: <c>subgroup()</c>.</summary>
    [SuppressMessage("Naming", "CA1715", Justification = "As in except* X.")]
    public ExceptionGroup? Filter<X>()
        where X : Exception => Split<X>().Match;

    /// <summary>The part of the tree that satisfies the condition; null if there is none. Python: <c>subgroup()</c>.</summary>
    public ExceptionGroup? Filter(Func<Exception, bool> predicate) => Split(predicate).Match;

    /// <summary>
    /// Calls <paramref name="handler"/> with each <typeparamref name="X"/> in the tree, and throws the rest if there is any. As with
    /// <c>except*</c>, nothing is lost when the handler fails.
    /// </summary>
    /// <param name="handler">Called for every one, also after it has failed for another. To leave one unhandled, throw that very exception.</param>
    /// <exception cref="ExceptionGroup">What is no <typeparamref name="X"/>, in its place in the tree. If the handler has failed: a group of its errors and of that.</exception>
    [SuppressMessage("Naming", "CA1715", Justification = "As in except* X.")]
    public void Handle<X>(Action<X> handler)
        where X : Exception
    {
        ArgumentNullException.ThrowIfNull(handler);
        var failures = new List<Exception>();
        var (_, rest) = Split(error => error is X leaf and not ExceptionGroup && IsHandled(leaf, handler, failures));
        if (failures.Count > 0)
        {
            AddIfAny(failures, rest);
            throw new ExceptionGroup("", failures);
        }

        if (rest is not null)
        {
            ExceptionDispatchInfo.Throw(rest);
        }
    }

    /// <summary>Refused: the handler would be <c>async void</c>. Use <see cref="Split{X}"/> and await in the <c>catch</c>.</summary>
    [Obsolete("A handler cannot be a coroutine. Use Split<X>() and await over the match.", error: true)]
    [SuppressMessage("Naming", "CA1715", Justification = "As in except* X.")]
    public void Handle<X>(Func<X, Coroutine> handler)
        where X : Exception => throw new NotSupportedException();

    /// <summary>The exceptions themselves, from left to right, without the groups between.</summary>
    public IEnumerable<Exception> Leaves() =>
        InnerExceptions.SelectMany(static error => error is ExceptionGroup group ? group.Leaves() : [error]);

    /// <summary>The tree, one branch below the other, with all stack traces.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, "");
        return text.ToString();
    }

    private void Write(StringBuilder text, string indent)
    {
        text.Append(GetType()).Append(": ").Append(Message);
        AppendLines(text, indent + "  ", StackTrace);
        for (var i = 0; i < InnerExceptions.Count; i++)
        {
            text.AppendLine().Append(indent).Append(CultureInfo.InvariantCulture, $"  +-- {i + 1} of {InnerExceptions.Count}: ");
            if (InnerExceptions[i] is ExceptionGroup group)
            {
                group.Write(text, indent + "  |   ");
            }
            else
            {
                var lines = InnerExceptions[i].ToString().ReplaceLineEndings("\n").Split('\n');
                text.Append(lines[0]);
                AppendLines(text, indent + "  |   ", string.Join('\n', lines.Skip(1)));
            }
        }
    }

    private static void AppendLines(StringBuilder text, string indent, string? lines)
    {
        if (!string.IsNullOrEmpty(lines))
        {
            foreach (var line in lines.ReplaceLineEndings("\n").Split('\n'))
            {
                text.AppendLine().Append(indent).Append(line);
            }
        }
    }

    private static bool IsHandled<X>(X error, Action<X> handler, List<Exception> failures)
        where X : Exception
    {
        try
        {
            handler(error);
            return true;
        }
        catch (Exception e)
        {
            if (ReferenceEquals(e, error))
            {
                return false;
            }

            failures.Add(e);
            return true;
        }
    }

    private static void AddIfAny(List<Exception> errors, ExceptionGroup? group)
    {
        if (group is not null)
        {
            errors.Add(group);
        }
    }

    /// <summary>A part says where the whole was thrown; the whole is its own part.</summary>
    private ExceptionGroup? Part(List<Exception> errors)
    {
        if (errors.Count == 0 || errors.SequenceEqual(InnerExceptions, ReferenceEqualityComparer.Instance))
        {
            return errors.Count == 0 ? null : this;
        }

        var part = Derive(errors);
        if (StackTrace is { } trace && part.StackTrace is null)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(part, trace);
        }

        return part;
    }
}
