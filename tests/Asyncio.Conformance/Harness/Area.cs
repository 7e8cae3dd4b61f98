using System.Reflection;

namespace Asyncio.Conformance;

/// <summary>One area: what CPython traced, and the twins that exist here.</summary>
internal sealed class Area
{
    private static readonly Lazy<IReadOnlyDictionary<string, Area>> s_all = new(LoadAll);

    private Area(string name, IReadOnlyDictionary<string, IReadOnlyList<string>> expected)
    {
        Name = name;
        Expected = expected;
    }

    public static IReadOnlyDictionary<string, Area> All => s_all.Value;

    public string Name { get; }

    /// <summary>On which kinds of reactor each twin runs; none if it does without input and output.</summary>
    public IReadOnlyList<ReactorKind> Reactors { get; private set; } = [];

    /// <summary>What its twins show is for Linux only, here at least.</summary>
    public bool NeedsLinux { get; private set; }

    /// <summary>What CPython traced, by scenario, in the order of the file.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Expected { get; }

    /// <summary>The twins, by the Python scenario's name.</summary>
    public IReadOnlyDictionary<string, Scenario> Twins { get; private set; } = new Dictionary<string, Scenario>();

    /// <summary>Twins of which Python knows nothing, or the same one twice.</summary>
    public IReadOnlyList<string> Strays { get; private set; } = [];

    private static Dictionary<string, Area> LoadAll()
    {
        var areas = Directory.EnumerateFiles(Path.Combine(Oracle.Folder, "expected"), "*.txt")
            .Select(path => new Area(Path.GetFileNameWithoutExtension(path), Oracle.Read(path)))
            .OrderBy(area => area.Name, StringComparer.Ordinal)
            .ToDictionary(area => area.Name);
        foreach (var type in typeof(Area).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<AreaAttribute>() is { } attribute)
            {
                areas[attribute.Name].Reactors = ReactorsOf(attribute);
                areas[attribute.Name].NeedsLinux = attribute.NeedsLinux;
                areas[attribute.Name].Load(type);
            }
        }

        return areas;
    }

    private static ReactorKind[] ReactorsOf(AreaAttribute attribute) =>
        !attribute.OnEachReactor ? []
        : attribute.NeedsPipes ? [ReactorKind.IoUring, ReactorKind.Epoll]
        : Enum.GetValues<ReactorKind>();

    private void Load(Type type)
    {
        // The convention: the same letters and digits. Python writes words_with_underscores, C# WordsInPascalCase.
        var names = Expected.Keys.ToDictionary(Letters);
        var twins = new Dictionary<string, Scenario>();
        var strays = new List<string>();
        foreach (var method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (method.GetCustomAttribute<ScenarioAttribute>() is not { } options)
            {
                continue;
            }

            if (!names.TryGetValue(Letters(method.Name), out var name) || !twins.TryAdd(name, new Scenario(name, method, options)))
            {
                strays.Add(method.Name);
            }
        }

        Twins = twins;
        Strays = strays;
    }

    private static string Letters(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
