namespace Guide;

/// <summary>How long the seconds of the guide are here.</summary>
public static class Pace
{
    /// <summary>A fifth: the proportions are the guide's, and nobody needs to wait.</summary>
    public const double Default = 0.2;

    public static double Scale { get; internal set; } = Default;

    /// <summary>Seconds to wait, for seconds in the guide.</summary>
    public static double Scaled(double guideSeconds) => guideSeconds * Scale;
}
