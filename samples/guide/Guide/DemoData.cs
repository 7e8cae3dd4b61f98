using System.Text.Json;

namespace Guide;

/// <summary>What the demo server knows.</summary>
public static class DemoData
{
    private static readonly string[] Names = ["Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Alan", "Radia", "Tony", "Margaret"];

    /// <summary>The JSON at a path; null if there is none.</summary>
    public static string? Find(string[] path) => path switch
    {
        ["users"] => Json(Names.Select((_, index) => UserOf(index + 1))),
        ["users", var id] when int.TryParse(id, out var number) && number is > 0 and <= 100 => Json(UserOf(number)),
        ["users", _, "posts"] => Json(new[] { 1, 2 }.Select(PostOf)),
        ["posts"] => Json(Enumerable.Range(1, 3).Select(PostOf)),
        ["posts", var id] when int.TryParse(id, out var number) => Json(PostOf(number)),
        ["posts", _, "comments"] or ["comments"] => Json(new[] { new { Id = 1, Text = "Great post!" } }),
        ["pages", var page] => Json(new { Page = int.Parse(page), Items = Enumerable.Range(0, 3).Select(i => $"item_{page}_{i}") }),
        ["numbers", var number] => number,
        ["files" or "feed" or "sites" or "approve", var name] => Json($"Content of {name}"),
        ["ping"] => Json("pong"),
        _ => null,
    };

    private static object UserOf(int id) => new { Id = id, Name = NameOf(id), Email = $"{NameOf(id).ToLowerInvariant()}@example.com" };

    private static string NameOf(int id) => Names[(id - 1) % Names.Length];

    private static object PostOf(int id) => new { Id = id, Title = $"Post {id}" };

    private static string Json(object value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
