using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;

[assembly: MetadataUpdateHandler(typeof(Asyncio.HotReload))]

namespace Asyncio;

/// <summary>What is read of the compiler's state machines by reflection: their handlers, their awaiter fields, their names.</summary>
internal static class MachineMembers
{
    internal const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.NonPublicFields | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicMethods | DynamicallyAccessedMemberTypes.PublicMethods;

    private static readonly ConcurrentDictionary<Type, string> s_names = new();

    /// <summary>
    /// True if the machine's <c>MoveNext</c> has no exception clause but the compiler's own: no <c>try</c>, <c>using</c> or
    /// <c>foreach</c> over a disposable enumerator. Where the body cannot be read (trimmed, ahead-of-time), the answer is no: throw.
    /// </summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A body that cannot be read counts as one with handlers.")]
    internal static bool HasNoHandlers([DynamicallyAccessedMembers(Needed)] Type machine)
    {
        // Hot reload can add a handler to a method that had none, after the answer was cached.
        if (HotReload.Happened)
        {
            return false;
        }

        try
        {
            var body = machine.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)?.GetMethodBody();
            return body is not null && body.ExceptionHandlingClauses.Count == 1;
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The one field in which the compiler parks an awaiter of this type; null if there is none or more than one.</summary>
    internal static FieldInfo? AwaiterField([DynamicallyAccessedMembers(Needed)] Type machine, Type awaiter)
    {
        // The prefix tells the compiler's field from a local of the user's that holds an awaiter of the same type.
        FieldInfo? found = null;
        foreach (var field in machine.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
        {
            if (field.FieldType == awaiter && field.Name.StartsWith("<>u__", StringComparison.Ordinal))
            {
                if (found is not null)
                {
                    return null;
                }

                found = field;
            }
        }

        return found;
    }

    internal static int StateOf(object machine, [DynamicallyAccessedMembers(Needed)] Type type) =>
        type.GetField("<>1__state", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(machine) is int state ? state : -1;

    /// <summary>The name of the method that the compiler made the machine from: <c>Crawler.FetchAsync</c>.</summary>
    internal static string MethodName(Type machine) => s_names.GetOrAdd(machine, static type =>
    {
        // <FetchAsync>d__3; <<Main>g__Local|0_1>d for a local function; <<Main>b__0_0>d for a lambda.
        var name = type.Name;
        var method = name;
        if (name.LastIndexOf(">g__", StringComparison.Ordinal) is var local and > 0)
        {
            method = name[(local + 4)..name.IndexOf('|', local)];
        }
        else if (name.LastIndexOf(">b__", StringComparison.Ordinal) is var lambda and > 0)
        {
            method = name[..lambda].Trim('<', '>', '$') + ".<lambda>";
        }
        else if (name.IndexOf('>', StringComparison.Ordinal) is var end and > 1)
        {
            // An explicit implementation of an interface: <Namespace-IStore-Get>d__0.
            method = name[1..end].Replace('-', '.');
            method = method[(method.LastIndexOf('.') + 1)..];
        }

        var owner = type.DeclaringType;
        while (owner is not null && owner.Name.StartsWith('<'))
        {
            owner = owner.DeclaringType;
        }

        return owner is null ? method : WithoutArity(owner.Name) + "." + method;
    });

    /// <summary><c>Box</c> of <c>Box`1</c>.</summary>
    private static string WithoutArity(string name) =>
        name.IndexOf('`', StringComparison.Ordinal) is var mark and > 0 ? name[..mark] : name;
}

/// <summary>Told by the runtime when code was changed while it runs.</summary>
internal static class HotReload
{
    internal static bool Happened { get; private set; }

    internal static void ClearCache(Type[]? _) => Happened = true;
}
