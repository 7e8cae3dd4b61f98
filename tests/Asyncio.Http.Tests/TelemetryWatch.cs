using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Asyncio.Http.Tests;

/// <summary>Listens to what the library tells.</summary>
internal sealed class TelemetryWatch : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public TelemetryWatch()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Asyncio.Http")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measurements.Add((instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value))));
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measurements.Add((instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value))));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Asyncio.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Spans.Add,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public List<(string Name, double Value, Dictionary<string, object?> Tags)> Measurements { get; } = [];

    public List<Activity> Spans { get; } = [];

    public double Sum(string name) => Measurements.Where(measurement => measurement.Name == name).Sum(measurement => measurement.Value);

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }
}
