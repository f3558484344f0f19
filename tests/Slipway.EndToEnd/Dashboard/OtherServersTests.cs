using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Slipway.EndToEnd.Dashboard.DashboardPage;

namespace Slipway.EndToEnd.Dashboard;

/// <summary>Servers that are not the demo: nothing deployed, and much deployed that does not work.</summary>
public sealed class OtherServersTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private const int Many = 30;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Fresh_server_says_on_every_page_what_to_do()
    {
        await using var server = await Server.ServeAsync(_folder["data"]);
        await using var page = await chromium.OpenAsync(server);
        await Shown(page["#health"]).ToHaveAttributeAsync("data-health", "empty");
        await Shown(page["#usecases"]).ToContainTextAsync("slipway apply");
        await page.KeepAsync("empty");
        await page.NavigateAsync("Models");
        await Shown(page["#models"]).ToContainTextAsync("slipway push");
        await page.NavigateAsync("Alerts");
        await Shown(page["#alerts"]).ToContainTextAsync("No alert has fired.");
        await page.NavigateAsync("Quarantine");
        await Shown(page["#quarantine"]).ToContainTextAsync("No row is in quarantine.");
        page.AssertClean();
    }

    [Fact]
    public async Task Many_use_cases_without_their_model_are_listed_explained_and_filtered()
    {
        await using var server = await Server.ServeAsync(_folder["data"]);
        var longName = string.Concat(Enumerable.Repeat("a-long-name-", 5)) + "end";
        foreach (var name in Enumerable.Range(1, Many - 1).Select(i => $"case-{i:00}").Append(longName))
        {
            using var applied = await server.ApplyAsync(name, $"use-case: {name}\nsource:\n  request: {{ columns: {{ x: number }} }}\nmodel: nowhere@champion\n", _folder.Path);
            Assert.True(applied.IsSuccessStatusCode, await applied.Content.ReadAsStringAsync());
        }
        await using var page = await chromium.OpenAsync(server, width: 420);
        await Shown(page["#health"]).ToHaveAttributeAsync("data-health", new Regex("attention|failing"));
        await Shown(page["#health"]).ToContainTextAsync($"and {Many - 6} more");
        await Shown(page["#usecases tbody tr"]).ToHaveCountAsync(Many);
        await Shown(page["#usecases tbody tr"].First).ToContainTextAsync("nowhere");
        Assert.True(await page.SidewaysAsync() <= 0);

        await page.Page.GetByRole(AriaRole.Searchbox).FillAsync("long-name");
        await Shown(page["#usecases tbody tr"]).ToHaveCountAsync(1);
        await page.PollAsync();
        await Shown(page["#usecases tbody tr"]).ToHaveCountAsync(1);
        await Shown(page.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await page["#usecases a.name"].ClickAsync();
        await Shown(page["#title h1"]).ToHaveTextAsync(longName);
        await Shown(page["#reason"]).ToContainTextAsync("nowhere");
        Assert.True(await page.SidewaysAsync() <= 0);
        page.AssertClean();
    }

    public void Dispose() => _folder.Dispose();
}
