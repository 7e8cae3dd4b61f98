using System.Runtime.CompilerServices;

namespace Asyncio.Redis.Resp;

/// <summary>A command: its name and its arguments, of which the first three need no array. An object, because it goes through so many hands that a struct would be copied all the time.</summary>
internal sealed class Request
{
    private readonly RedisValue _first;
    private readonly RedisValue _second;
    private readonly RedisValue _third;
    private readonly RedisValue[]? _rest;
    private readonly byte _inline;

    public Request(string name)
    {
        Name = name;
    }

    public Request(string name, RedisValue first)
        : this(name)
    {
        _first = Checked(first, name);
        _inline = 1;
    }

    public Request(string name, RedisValue first, RedisValue second)
        : this(name, first)
    {
        _second = Checked(second, name);
        _inline = 2;
    }

    public Request(string name, RedisValue first, RedisValue second, RedisValue third)
        : this(name, first, second)
    {
        _third = Checked(third, name);
        _inline = 3;
    }

    /// <param name="name">The command.</param>
    /// <param name="arguments">All arguments; belongs to the request.</param>
    public Request(string name, RedisValue[] arguments)
        : this(name)
    {
        foreach (var argument in arguments)
        {
            Checked(argument, name);
        }

        _rest = arguments;
    }

    public string Name { get; }

    public int Count => _inline + (_rest?.Length ?? 0);

    public RedisValue this[int index] => _rest is not null ? _rest[index] : index switch
    {
        0 => _first,
        1 => _second,
        _ => _third,
    };

    /// <summary>The first argument, for messages; none of commands whose arguments are secrets.</summary>
    public RedisValue Subject => Count == 0 || Name is "AUTH" or "HELLO" ? default : this[0];

    public static string Describe(string name, RedisValue subject) => subject.IsNull ? name : $"{name} {RedisText.Shorten(subject.ToString())}";

    public override string ToString() => Describe(Name, Subject);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static RedisValue Checked(RedisValue argument, string name) =>
        argument.IsNull ? throw new ArgumentNullException(nameof(argument), $"An argument of {name} is null; Redis has no null to store.") : argument;
}
