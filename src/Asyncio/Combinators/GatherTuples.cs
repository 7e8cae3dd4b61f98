namespace Asyncio;

/// <summary>The tuples that the children of a gathering become; one small projection for each number of them.</summary>
internal static class GatherTuples
{
    internal static Future<(T1, T2)> IntoTuple<T1, T2>(this in Gathering gathering) =>
        gathering.Into(static c => (Gathering.Result<T1>(c[0]), Gathering.Result<T2>(c[1])));

    internal static Future<(T1, T2, T3)> IntoTuple<T1, T2, T3>(this in Gathering gathering) =>
        gathering.Into(static c => (Gathering.Result<T1>(c[0]), Gathering.Result<T2>(c[1]), Gathering.Result<T3>(c[2])));

    internal static Future<(T1, T2, T3, T4)> IntoTuple<T1, T2, T3, T4>(this in Gathering gathering) =>
        gathering.Into(static c => (Gathering.Result<T1>(c[0]), Gathering.Result<T2>(c[1]), Gathering.Result<T3>(c[2]), Gathering.Result<T4>(c[3])));

    internal static Future<(T1, T2, T3, T4, T5)> IntoTuple<T1, T2, T3, T4, T5>(this in Gathering gathering) =>
        gathering.Into(static c => (
            Gathering.Result<T1>(c[0]), Gathering.Result<T2>(c[1]), Gathering.Result<T3>(c[2]),
            Gathering.Result<T4>(c[3]), Gathering.Result<T5>(c[4])));

    internal static Future<(T1, T2, T3, T4, T5, T6)> IntoTuple<T1, T2, T3, T4, T5, T6>(this in Gathering gathering) =>
        gathering.Into(static c => (
            Gathering.Result<T1>(c[0]), Gathering.Result<T2>(c[1]), Gathering.Result<T3>(c[2]),
            Gathering.Result<T4>(c[3]), Gathering.Result<T5>(c[4]), Gathering.Result<T6>(c[5])));

    internal static Future<(T1, T2, T3, T4, T5, T6, T7)> IntoTuple<T1, T2, T3, T4, T5, T6, T7>(this in Gathering gathering) =>
        gathering.Into(static c => (
            Gathering.Result<T1>(c[0]), Gathering.Result<T2>(c[1]), Gathering.Result<T3>(c[2]), Gathering.Result<T4>(c[3]),
            Gathering.Result<T5>(c[4]), Gathering.Result<T6>(c[5]), Gathering.Result<T7>(c[6])));

    internal static Future<(T1, T2, T3, T4, T5, T6, T7, T8)> IntoTuple<T1, T2, T3, T4, T5, T6, T7, T8>(this in Gathering gathering) =>
        gathering.Into(static c => (
            Gathering.Result<T1>(c[0]), Gathering.Result<T2>(c[1]), Gathering.Result<T3>(c[2]), Gathering.Result<T4>(c[3]),
            Gathering.Result<T5>(c[4]), Gathering.Result<T6>(c[5]), Gathering.Result<T7>(c[6]), Gathering.Result<T8>(c[7])));
}
