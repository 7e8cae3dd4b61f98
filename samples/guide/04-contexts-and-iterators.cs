// Section 4 of the guide: context managers, iterators, generators. The database that the guide makes believe is PostgreSQL here.
//
//   dotnet run samples/guide/04-contexts-and-iterators.cs
//   dotnet run samples/guide/04-contexts-and-iterators.cs -- --postgres "Host=localhost;Username=me;Password=…"
//   dotnet run samples/guide/04-contexts-and-iterators.cs -- --scale 1     as slow as the guide; otherwise a fifth of that
//
// Without --postgres (or the environment variable GUIDE_POSTGRES) it starts a PostgreSQL of its own in a temporary directory, if one is installed.
// It reads from the database, and makes no more than a temporary table.

#:project Guide
#:package Npgsql
#:property PublishAot=false

using System.CommandLine;
using Asyncio;
using Asyncio.Http;
using Guide;
using Npgsql;

var postgres = new Option<string?>("--postgres") { Description = "A connection string. [default: $GUIDE_POSTGRES, or a server of its own]" };
return Example.Run(args, "Context managers, iterators, generators.", Main, postgres);

async Coroutine Main(DemoServer server, ParseResult parsed)
{
    await using var session = new ClientSession(new ClientSessionOptions { BaseAddress = server.Address });

    Example.Heading("a context manager: a database connection");
    await Database(parsed.GetValue(postgres) ?? Environment.GetEnvironmentVariable("GUIDE_POSTGRES"));
    Example.Heading("a context manager from an iterator: a timer");
    await Timed(session);
    Example.Heading("several: an exit stack leaves them in the opposite order");
    await Stacked();
    Example.Heading("an async iterator");
    await Numbers(session);
    Example.Heading("an async generator");
    await Pages(session);
}

static async Coroutine Database(string? connectionString)
{
    await using var own = connectionString is null ? await PostgresServer.Start() : null;
    if ((connectionString ?? own?.ConnectionString) is not { } found)
    {
        Console.WriteLine("Skipped: there is neither --postgres nor a PostgreSQL server (initdb, pg_ctl) on this machine.");
        return;
    }

    try
    {
        await using var trial = new NpgsqlConnection(found);
        await trial.OpenAsync(Aio.CancellationToken);
    }
    catch (Exception e) when (connectionString is not null && e is (NpgsqlException or ArgumentException))
    {
        throw new ExampleException($"--postgres: {e.Message}", e);
    }

    await Aio.With(new DatabaseConnection(found), async db =>
    {
        string[] names = await db.Query("SELECT id, name FROM users ORDER BY id");
        Console.WriteLine($"Results: {string.Join(", ", names)}");
    }); // closed here, however that went

    try
    {
        await Aio.With(new DatabaseConnection(found), async db =>
        {
            using (Aio.Timeout(Pace.Scaled(2)))
            {
                await db.Query("SELECT 1, 'too late' FROM pg_sleep(600)"); // Npgsql's tasks are cancelled like everything else
            }
        });
    }
    catch (TimeoutException)
    {
        Console.WriteLine("A query of 10 minutes timed out.");
    }
}

static async Coroutine Timed(ClientSession session)
{
    await Aio.With(AsyncTimer("fetch"), async () =>
    {
        await using var response = await session.GetAsync("ping?delay=1.5");
        Console.WriteLine($"Fetching data... {response.Status}");
    });

    static IAsyncContextManager<double> AsyncTimer(string name) => AsyncContextManager.Create(() => TimerBody(name));

    static async IAsyncEnumerable<double> TimerBody(string name)
    {
        var loop = Aio.GetRunningLoop();
        var start = loop.Time();
        Console.WriteLine($"[{name}] Starting...");
        try
        {
            await Aio.Yield();
            yield return start; // what is inside Aio.With runs now
        }
        finally
        {
            Console.WriteLine($"[{name}] Completed in {loop.Time() - start:0.00}s");
        }
    }
}

static async Coroutine Stacked() => await AsyncExitStack.Run(async stack =>
{
    foreach (var name in (string[])["first", "second", "third"])
    {
        await stack.EnterAsync(AsyncContextManager.Create(
            async () =>
            {
                await Aio.Yield();
                Console.WriteLine($"enter {name}");
                return name;
            },
            async (string entered, Exception? error) =>
            {
                await Aio.Yield();
                Console.WriteLine($"leave {entered}");
            }));
    }
});

static async Coroutine Numbers(ClientSession session)
{
    await foreach (var number in new NumberStream(session, 5))
    {
        Console.WriteLine($"Got number: {number}");
    }
}

static async Coroutine Pages(ClientSession session)
{
    await foreach (var page in FetchPages(3))
    {
        Console.WriteLine($"Processing page {page.Number}: {string.Join(", ", page.Items)}");
    }

    // Left early: `await foreach` ends the generator there and then.
    await foreach (var page in FetchPages(3))
    {
        Console.WriteLine($"Only page {page.Number}");
        break;
    }

    async IAsyncEnumerable<(int Number, string[] Items)> FetchPages(int total)
    {
        try
        {
            for (var number = 1; number <= total; number++)
            {
                await using var response = await session.GetAsync($"pages/{number}?delay=0.5");
                var page = await response.JsonAsync<Page>();
                yield return (page.Number, page.Items);
            }
        }
        finally
        {
            Console.WriteLine("(the generator has ended)");
        }
    }
}

/// <summary>Connects when it is entered, disconnects when it is left.</summary>
sealed class DatabaseConnection(string connectionString) : IAsyncContextManager<DatabaseConnection>
{
    private readonly NpgsqlConnection _connection = new(connectionString);

    public async Coroutine<DatabaseConnection> EnterAsync()
    {
        Console.WriteLine("Connecting...");
        try
        {
            await _connection.OpenAsync(Aio.CancellationToken);
            await using var command = new NpgsqlCommand(
                "CREATE TEMPORARY TABLE users (id int, name text); INSERT INTO users VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Barbara')", _connection);
            await command.ExecuteNonQueryAsync(Aio.CancellationToken);
        }
        catch
        {
            await _connection.DisposeAsync(); // what was not entered is not left
            throw;
        }

        Console.WriteLine("Connected!");
        return this;
    }

    public async Coroutine<bool> ExitAsync(Exception? error)
    {
        Console.WriteLine($"Disconnecting{(error is null ? "" : $" after {error.GetType().Name}")}...");
        await _connection.DisposeAsync();
        Console.WriteLine("Disconnected!");
        return false; // swallows nothing
    }

    public async Coroutine<string[]> Query(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await using var reader = await command.ExecuteReaderAsync(Aio.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(Aio.CancellationToken))
        {
            rows.Add($"{reader.GetInt32(0)} {reader.GetString(1)}");
        }

        return [.. rows];
    }
}

/// <summary>What <c>__aiter__</c> and <c>__anext__</c> are in Python. A coroutine serves as the answer; a <c>ValueTask</c> would, too.</summary>
sealed class NumberStream(ClientSession session, int count)
{
    public Enumerator GetAsyncEnumerator() => new(session, count);

    public sealed class Enumerator(ClientSession session, int count)
    {
        private int _next;

        public int Current { get; private set; }

        public async Coroutine<bool> MoveNextAsync()
        {
            if (_next == count)
            {
                return false;
            }

            await using var response = await session.GetAsync($"numbers/{_next++}?delay=0.5");
            Current = await response.JsonAsync<int>();
            return true;
        }
    }
}

sealed record Page([property: System.Text.Json.Serialization.JsonPropertyName("page")] int Number, string[] Items);
