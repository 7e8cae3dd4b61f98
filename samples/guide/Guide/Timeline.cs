using System.Diagnostics;

namespace Guide;

/// <summary>Who did something when: a bar for each, and what it would have taken one after the other.</summary>
public sealed class Timeline
{
    private const int NameWidth = 18;
    private const int BarWidth = 48;

    private readonly List<Span> _spans = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    private double Now => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Begins a bar, which ends when the result is disposed of.</summary>
    public IDisposable Begin(string name)
    {
        var span = new Span(this, name, Now);
        _spans.Add(span);
        return span;
    }

    /// <summary>Prints the bars from the first one's beginning to the last one's end.</summary>
    /// <param name="overlapIsGain">Whether each would have taken as long alone, so that their sum is what all had taken one after the other.</param>
    public void Print(bool overlapIsGain = true)
    {
        var first = _spans.Min(span => span.Began);
        var whole = Math.Max(_spans.Max(span => span.Ended) - first, 1e-6);
        foreach (var span in _spans)
        {
            var from = Math.Clamp((int)Math.Round((span.Began - first) / whole * BarWidth), 0, BarWidth - 1);
            var length = Math.Clamp((int)Math.Round((span.Ended - span.Began) / whole * BarWidth), 1, BarWidth - from);
            Console.Write($"  {Shortened(span.Name),-NameWidth} ");
            Console.ForegroundColor = ConsoleColor.Green; // nothing is written for it where the output is no terminal
            Console.Write($"{new string(' ', from)}{new string('█', length)}{new string(' ', BarWidth - from - length)}");
            Console.ResetColor();
            Console.WriteLine($" {span.Began - first:0.00} to {span.Ended - first:0.00} s");
        }

        var sum = _spans.Sum(span => span.Ended - span.Began);
        Console.WriteLine(sum <= whole || !overlapIsGain ? $"  took {whole:0.00} s" : $"  took {whole:0.00} s; one after the other: {sum:0.00} s");
    }

    private static string Shortened(string name) => name.Length <= NameWidth ? name : name[..(NameWidth - 1)] + "…";

    private sealed class Span(Timeline timeline, string name, double began) : IDisposable
    {
        public string Name => name;
        public double Began => began;
        public double Ended { get; private set; } = double.NaN;

        public void Dispose() => Ended = double.IsNaN(Ended) ? timeline.Now : Ended;
    }
}
