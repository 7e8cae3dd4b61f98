using System.Runtime.CompilerServices;
using Xunit;

namespace Asyncio.Tests.House.Api;

public class ApiSheetRenderingTests
{
    [Theory]
    [InlineData(typeof(Shape<>), """
        abstract class Shape<TKey> : Attribute, IDisposable where TKey : class
          const double Half = 0.5
          protected Shape(string? name = "x")
          string this[int index] { get; }
          int Size { get; protected set; }
          event EventHandler? Moved
          void Dispose()
          [Obsolete(error: true)] void Old([CallerMemberName] string name = "")
          protected abstract TKey? Parent()
          [OverloadResolutionPriority(1)] static T Pick<T>(in T first, out T? second, DayOfWeek day = DayOfWeek.Monday, TimeSpan? wait = null, CancellationToken token = default) where T : notnull
          (int Count, List<string?>? Names) Split(params object?[] parts)
          static bool operator ==(Shape<TKey>? left, Shape<TKey>? right)
          static implicit operator int(Shape<TKey> shape)
          static bool operator !=(Shape<TKey>? left, Shape<TKey>? right)

        """)]
    [InlineData(typeof(ISource<>), """
        interface ISource<out T> : IEnumerable<T>
          T? Next()

        """)]
    [InlineData(typeof(Pair), """
        readonly record struct Pair : IEquatable<Pair>
          Pair(int Left, string? Right)
          int Left { get; init; }
          string? Right { get; init; }

        """)]
    [InlineData(typeof(Levels), """
        [Flags] enum Levels : byte
          Low = 1
          High = 2

        """)]
    [InlineData(typeof(Turn<,>), """
        delegate Task<TOut?> Turn<in TIn, TOut>(TIn value, int times = 1) where TOut : struct, Enum

        """)]
    public void A_type_reads_as_its_declaration(Type type, string expected)
    {
        var sheet = ApiSheet.Render(type.Assembly, [type]);
        var declaration = sheet[(sheet.LastIndexOf("\n\n", StringComparison.Ordinal) + 2)..].Replace($"{nameof(ApiSheetRenderingTests)}.", "");
        Assert.Equal(expected.ReplaceLineEndings("\n"), declaration);
    }

    [Fact]
    public void A_difference_stands_below_its_type()
    {
        string[] diff = [.. SheetDiff.Of("class A\n  int X()\nclass B\n  int X()\n", "class A\n  int X()\nclass B\n  long X()\n")];
        Assert.Equal(["  class B", "-   int X()", "+   long X()"], diff);
    }

#pragma warning disable CS0067, CS0660, CS0661 // made to be looked at, not used

    public abstract class Shape<TKey> : Attribute, IDisposable where TKey : class
    {
        public const double Half = 0.5;

        protected Shape(string? name = "x") => _ = name;

        public event EventHandler? Moved;

        public int Size { get; protected set; }

        public string this[int index] => $"{index}";

        internal int Hidden => 0;

        public static bool operator ==(Shape<TKey>? left, Shape<TKey>? right) => ReferenceEquals(left, right);

        public static bool operator !=(Shape<TKey>? left, Shape<TKey>? right) => !(left == right);

        public static implicit operator int(Shape<TKey> shape) => shape.Size;

        [OverloadResolutionPriority(1)]
        public static T Pick<T>(in T first, out T? second, DayOfWeek day = DayOfWeek.Monday, TimeSpan? wait = null, CancellationToken token = default)
            where T : notnull
        {
            second = default;
            return first;
        }

        public (int Count, List<string?>? Names) Split(params object?[] parts) => (parts.Length, null);

        [Obsolete("The wording does not matter.", error: true)]
        public void Old([CallerMemberName] string name = "") => _ = name;

        public void Dispose() => GC.SuppressFinalize(this);

        public override string ToString() => "";

        protected abstract TKey? Parent();

        private protected void Inner() => Size = 0;
    }

    public interface ISource<out T> : IEnumerable<T>
    {
        T? Next();
    }

    public readonly record struct Pair(int Left, string? Right);

    [Flags]
    public enum Levels : byte
    {
        Low = 1,
        High = 2,
    }

    public delegate Task<TOut?> Turn<in TIn, TOut>(TIn value, int times = 1) where TOut : struct, Enum;
}
