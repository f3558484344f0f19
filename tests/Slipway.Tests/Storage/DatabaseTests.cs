using Dapper;
using Microsoft.Data.Sqlite;
using Slipway.Core;
using Slipway.Storage;

namespace Slipway.Tests.Storage;

public class DatabaseTests
{
    [Fact]
    public void Database_written_by_a_newer_program_is_refused_with_both_numbers()
    {
        using var stores = new SqliteStores();
        stores.Database.Write(c => c.Execute("INSERT INTO migration (number, name, applied_at) VALUES (9999, '9999-future', 0)"));
        var e = Assert.Throws<SlipwayException>(() => SlipwayDatabase.Open(stores.DataFolder, TimeProvider.System));
        Assert.Contains("9999", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{Migration.All[^1].Number}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Migrations_are_numbered_without_gaps_and_recorded()
    {
        using var stores = new SqliteStores();
        Assert.Equal(Enumerable.Range(1, Migration.All.Length), Migration.All.Select(m => m.Number));
        var recorded = stores.Database.Read(c => c.Query<string>("SELECT name FROM migration ORDER BY number").AsList());
        Assert.Equal(Migration.All.Select(m => m.Name), recorded);
        stores.Reopen();
        Assert.Equal(Migration.All.Length, stores.Database.Read(c => c.ExecuteScalar<int>("SELECT count(*) FROM migration")));
    }

    [Fact]
    public void Another_programs_database_is_refused_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        SqliteLibrary.Initialize();
        using (var connection = new SqliteConnection($"Data Source={folder.File("slipway.db")};Pooling=False"))
        {
            connection.Open();
            connection.Execute("CREATE TABLE recipes (name TEXT); PRAGMA application_id = 77");
        }
        var e = Assert.Throws<SlipwayException>(() => SlipwayDatabase.Open(folder.Path, TimeProvider.System));
        Assert.Contains("recipes", e.Message, StringComparison.Ordinal);
        using var again = new SqliteConnection($"Data Source={folder.File("slipway.db")};Pooling=False");
        again.Open();
        Assert.Equal(["recipes"], again.Query<string>("SELECT name FROM sqlite_master"));
    }

    [Fact]
    public void File_that_is_no_database_is_refused_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("slipway.db"), string.Concat(Enumerable.Repeat("these are my notes. ", 100)));
        var e = Assert.Throws<SlipwayException>(() => SlipwayDatabase.Open(folder.Path, TimeProvider.System));
        Assert.Contains("not a SQLite database", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_folder_that_is_a_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("data"), "x");
        var e = Assert.Throws<SlipwayException>(() => SlipwayDatabase.Open(folder.File("data"), TimeProvider.System));
        Assert.Contains("data folder", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_database_gives_a_clear_error_or_an_answer_and_never_another_exception()
    {
        using var folder = new TemporaryFolder();
        byte[] intact;
        using (var stores = new SqliteStores(folder.Path))
        {
            stores.UseCases.Apply("bike", "yaml: 1", "/data", "ada");
            stores.UseCases.Commit("bike", "1", [new QuarantinedRow(0, "bike", DateTimeOffset.UnixEpoch, "1", "model", "bad", "row")]);
            stores.UseCases.StartRun("bike", "every 1h");
            stores.Alerts.Start("bike", "drift", "psi", DateTimeOffset.UnixEpoch);
            stores.Registry.Add(await RegistryTests.PackageAsync(stores, "content"), "champion");
            stores.Samples.Write([.. Enumerable.Range(0, 200).Select(i => new Sample($"{i}", "bike", "m", 1, DateTimeOffset.UnixEpoch, "{}", "{}"))]);
        }
        intact = File.ReadAllBytes(folder.File("slipway.db"));
        var random = new Random(20261120);
        var refused = 0;
        for (var round = 0; round < 150; round++)
        {
            var bytes = intact.AsSpan(0, round % 3 == 0 ? random.Next(intact.Length) : intact.Length).ToArray();
            for (var flips = random.Next(1, 400); flips > 0 && bytes.Length > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            foreach (var left in Directory.GetFiles(folder.Path, "slipway.db-*")) File.Delete(left);
            File.WriteAllBytes(folder.File("slipway.db"), bytes);
            try
            {
                using var stores = new SqliteStores(folder.Path);
                stores.Registry.Snapshot();
                stores.Registry.ChangeCounter();
                stores.Registry.History("bike");
                stores.UseCases.List();
                stores.UseCases.Apply("bike", "yaml: 2", "/data", "ada");
                stores.UseCases.Runs(null);
                stores.UseCases.Quarantine(null);
                stores.Alerts.List(null);
                stores.Samples.Count("bike");
                stores.Samples.Read(new SampleQuery());
                stores.UseCases.Commit("bike", "1", []);
            }
            catch (SlipwayException)
            {
                refused++;
            }
        }
        Assert.True(refused > 100, $"{refused} of 150 damaged databases were noticed");
    }

    [Fact]
    public async Task Many_who_open_a_new_folder_at_once_all_get_the_same_database()
    {
        using var folder = new TemporaryFolder();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            using var database = SlipwayDatabase.Open(folder.Path, TimeProvider.System);
            new SqliteUseCaseStore(database).Apply($"u{i}", "a: b", "/", "ada");
        })));
        using var stores = new SqliteStores(folder.Path);
        Assert.Equal(8, stores.UseCases.List().Count);
    }

    [Fact]
    public void Change_that_throws_leaves_nothing_and_the_next_one_works()
    {
        using var stores = new SqliteStores();
        Assert.Throws<InvalidOperationException>(() => stores.Database.Write<int>(c =>
        {
            c.Execute("INSERT INTO source_position (use_case, position) VALUES ('bike', '1')");
            throw new InvalidOperationException("on purpose");
        }));
        Assert.Null(stores.UseCases.Position("bike"));
        stores.UseCases.Commit("bike", "2", []);
        Assert.Equal("2", stores.UseCases.Position("bike"));
    }

    [Fact]
    public void Full_disk_is_said_and_leaves_nothing_of_the_change()
    {
        using var stores = new SqliteStores();
        stores.UseCases.Commit("bike", "1", []);
        stores.Database.Write(c => c.Execute($"PRAGMA max_page_count = {c.ExecuteScalar<long>("PRAGMA page_count") + 4}"));
        var row = new QuarantinedRow(0, "bike", DateTimeOffset.UnixEpoch, "1", "model", "bad", new string('x', 100_000));
        var e = Assert.Throws<SlipwayException>(() => stores.UseCases.Commit("bike", "2", [row]));
        Assert.Contains("the disk is full", e.Message, StringComparison.Ordinal);
        Assert.Equal("1", stores.UseCases.Position("bike"));
        stores.Database.Write(c => c.Execute("PRAGMA max_page_count = 1073741823"));
        stores.UseCases.Commit("bike", "2", [row]);
        Assert.Equal("2", stores.UseCases.Position("bike"));
    }

    [Fact]
    public void Acknowledged_changes_wait_for_the_disk_and_readers_cannot_write()
    {
        using var stores = new SqliteStores();
        Assert.Equal("wal", stores.Database.Read(c => c.ExecuteScalar<string>("PRAGMA journal_mode")));
        Assert.Equal(2, stores.Database.Write(c => c.ExecuteScalar<int>("PRAGMA synchronous")));
        Assert.Equal(1, stores.Database.WriteRelaxed(c => c.ExecuteScalar<int>("PRAGMA synchronous")));
        Assert.Equal(1, stores.Database.Write(c => c.ExecuteScalar<int>("PRAGMA foreign_keys")));
        Assert.Throws<SlipwayException>(() => stores.Database.Read(c => c.Execute("DELETE FROM use_case")));
    }

    [Fact]
    public void Closed_database_says_so()
    {
        using var stores = new SqliteStores();
        stores.Database.Dispose();
        stores.Database.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stores.UseCases.List());
        Assert.Throws<ObjectDisposedException>(() => stores.UseCases.Commit("bike", "1", []));
    }

    [Fact]
    public void Library_can_be_initialized_any_number_of_times_also_after_the_bundle()
    {
        SQLitePCL.Batteries_V2.Init();
        Parallel.For(0, 16, _ => SqliteLibrary.Initialize());
        Assert.True(SQLitePCL.raw.sqlite3_libversion_number() >= 3_035_005);
    }

    [Theory]
    [InlineData("SELECT * FROM sample WHERE use_case = 'u' ORDER BY time DESC, row DESC LIMIT 5", "sample_by_use_case")]
    [InlineData("SELECT * FROM sample WHERE use_case = 'u' AND time >= 1 AND time < 2 ORDER BY time DESC, row DESC LIMIT 5", "sample_by_use_case")]
    [InlineData("SELECT * FROM sample WHERE model = 'm' AND version = 1 AND time >= 1 ORDER BY time DESC, row DESC LIMIT 5", "sample_by_version")]
    [InlineData("SELECT * FROM sample ORDER BY time DESC, row DESC LIMIT 5", "sample_by_time")]
    [InlineData("SELECT * FROM run WHERE use_case = 'u' ORDER BY id DESC LIMIT 5", "run_by_use_case")]
    [InlineData("SELECT * FROM quarantine WHERE use_case = 'u' ORDER BY id LIMIT 5", "quarantine_by_use_case")]
    [InlineData("SELECT * FROM alias_change WHERE model = 'm' ORDER BY id DESC LIMIT 5", "alias_change_by_model")]
    public void Frequent_query_walks_its_index_without_sorting(string sql, string index)
    {
        using var stores = new SqliteStores();
        var plan = string.Join("; ", stores.Database.Read(c => c.Query("EXPLAIN QUERY PLAN " + sql).Select(row => (string)row.detail).ToArray()));
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }
}
