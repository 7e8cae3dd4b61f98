namespace Asyncio.IO.Tests.Faults;

internal static class Scenarios
{
    public static readonly Dictionary<string, Scenario> All = new Scenario[]
    {
        new("echo over streams", StreamScenarios.Echo),
        new("line protocol", StreamScenarios.Lines),
        new("reading up to separators", StreamScenarios.ReadUntil),
        new("reads given up and taken up again", StreamScenarios.Resumed),
        new("drain with a slow reader", StreamScenarios.Drain),
        new("graceful close", StreamScenarios.GracefulClose),
        new("echo over TLS", StreamScenarios.Tls),
        new("port forwarder", StreamScenarios.Forward),
        new("protocols", TransportScenarios.Protocols),
        new("connection race", TransportScenarios.Race),
        new("datagram endpoints", TransportScenarios.Datagrams),
        new("pipes", TransportScenarios.Pipes, NeedsPipes: true),
        new("sock_* on streams", SocketScenarios.Streams),
        new("sock_* on datagrams", SocketScenarios.Datagrams),
        new("add_reader and add_writer", SocketScenarios.Watching),
        new("communicate with a child", ProcessScenarios.Communicate),
        new("talk with a child", ProcessScenarios.Talk),
        new("protocol of a child", ProcessScenarios.Protocol),
    }.ToDictionary(scenario => scenario.Name);
}
