using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Slipway.EndToEnd.Dashboard.DashboardPage;

namespace Slipway.EndToEnd.Dashboard;

/// <summary>A person's way through the demo, in a real browser.</summary>
public sealed class ClickThroughTests(Chromium chromium, DriftingDemo demo) : IClassFixture<Chromium>, IClassFixture<DriftingDemo>
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Overview_says_that_columns_drift_and_leads_to_the_use_case(ColorScheme scheme)
    {
        await using var page = await chromium.OpenAsync(demo.Server, scheme: scheme);
        await Shown(page["#health"]).ToHaveAttributeAsync("data-health", "attention");
        await Shown(page["#health"]).ToContainTextAsync(new Regex(@"machine-failure: \d+ columns drifted: .*torque"));
        await Shown(page.Page).ToHaveTitleAsync(new Regex("^○ "));
        await Shown(page["#icon"]).ToHaveAttributeAsync("href", "icon-attention.svg");
        var row = page["#usecases tbody tr"];
        await Shown(row).ToHaveCountAsync(1);
        await Shown(row).ToContainTextAsync(new Regex(@"machine-failure.*\d of 10 columns", RegexOptions.Singleline));
        await Shown(row.Locator("[data-label='Latest prediction'] strong")).ToHaveTextAsync(new Regex(@"^\d"));
        await Shown(page["#firing"]).ToContainTextAsync("drift torque");
        await page.KeepAsync($"overview-{scheme}");

        await row.GetByRole(AriaRole.Link, new() { Name = "machine-failure" }).First.ClickAsync();

        await Shown(page.Page.GetByRole(AriaRole.Heading, new() { Name = "machine-failure", Exact = true })).ToBeVisibleAsync();
        var torque = page["#drift tbody tr[data-key='torque']"];
        await Shown(torque).ToContainTextAsync("drifted");
        await Shown(page["#drift tbody tr[data-key='air_temperature']"]).ToContainTextAsync("steady");
        await Shown(page["#drift"]).ToContainTextAsync("chance alone crosses one in 0.1 % of looks");
        await Shown(page["#watches tbody tr"]).ToHaveCountAsync(2);
        await Shown(page["#runs tbody tr"].First).ToContainTextAsync("succeeded");
        await Shown(page["#rate"]).ToContainTextAsync(new Regex("highest [1-9]"));
        await Shown(page["#yaml"]).Not.ToHaveAttributeAsync("open", "");
        await page.KeepAsync($"usecase-{scheme}");
        page.AssertClean();
    }

    [Fact]
    public async Task Live_predictions_go_on_by_themselves()
    {
        await using var page = await chromium.OpenAsync(demo.Server, "usecases/machine-failure");
        var newest = page["#live tbody tr"].First;
        var before = await newest.InnerTextAsync();
        await Shown(newest).Not.ToHaveTextAsync(before);
        await Shown(newest.Locator("strong")).ToHaveTextAsync(new Regex(@"^\d"));
        page.AssertClean();
    }

    [Fact]
    public async Task Pause_stops_a_use_case_and_resume_lets_it_go_on()
    {
        await using var page = await chromium.OpenAsync(demo.Server, "usecases/machine-failure");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Shown(page["#state"]).ToHaveTextAsync("paused");
        await Shown(page["#toasts [role=status]"]).ToContainTextAsync("is paused");
        Assert.Equal("paused", await StateAsync());

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Shown(page["#state"]).ToHaveTextAsync(new Regex("idle|running"));
        await Shown(page.Page.GetByRole(AriaRole.Button, new() { Name = "Run now" })).ToBeVisibleAsync();
        Assert.NotEqual("paused", await StateAsync());
        page.AssertClean();

        async Task<string?> StateAsync() => (await demo.Server.GetAsync("/api/usecases/machine-failure")).GetProperty("status").GetProperty("state").GetString();
    }

    [Fact]
    public async Task Models_show_version_parity_signature_and_alias_history()
    {
        await using var page = await chromium.OpenAsync(demo.Server);
        await page.NavigateAsync("Models");
        await Shown(page["#models tbody tr"]).ToContainTextAsync(new Regex("machine-failure.*ready.*champion → 1", RegexOptions.Singleline));
        await page["#models"].GetByRole(AriaRole.Link, new() { Name = "machine-failure" }).ClickAsync();
        await Shown(page["#versions tbody tr"]).ToContainTextAsync(new Regex("1.*ready.*200 rows, exact.*trees", RegexOptions.Singleline));
        await Shown(page["#signature"]).ToContainTextAsync("FP32[any, 10]");
        await Shown(page["#signature"]).ToContainTextAsync("tool_wear");
        await Shown(page["#history tbody tr"]).ToContainTextAsync(new Regex("champion.*– → 1.*demo", RegexOptions.Singleline));
        page.AssertClean();
    }

    [Fact]
    public async Task Alerts_are_listed_and_lead_to_their_use_case()
    {
        await using var page = await chromium.OpenAsync(demo.Server);
        await page.NavigateAsync("Alerts");
        var torque = page["#alerts tbody tr"].Filter(new() { HasText = "drift torque" });
        await Shown(torque).ToContainTextAsync("firing");
        await Shown(torque).ToContainTextAsync("alarm above");
        await torque.GetByRole(AriaRole.Link).ClickAsync();
        await Shown(page["#drift tr[data-key='torque']"]).ToContainTextAsync(new Regex(@"drifted\s*(now|\d+ \w+ ago)"));
        page.AssertClean();
    }

    [Fact]
    public async Task Bad_rows_are_replayed_chosen_and_dropped_and_stay_text()
    {
        await using var page = await chromium.OpenAsync(demo.Server);
        await page.NavigateAsync("Quarantine");
        var rows = page["#held-machine-failure tbody tr"];
        var hostile = rows.Filter(new() { HasText = "onerror" });
        await Shown(hostile).ToHaveCountAsync(DriftingDemo.BadRows / 2);
        await Shown(hostile.First).ToContainTextAsync(DriftingDemo.Hostile);
        await Shown(hostile.First).ToContainTextAsync(@"\u202egnp");
        await Shown(page["#page img, #page script"]).ToHaveCountAsync(0);

        await hostile.Nth(0).GetByRole(AriaRole.Checkbox).CheckAsync();
        await hostile.Nth(1).GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Replay 2" }).ClickAsync();
        await Shown(page["#toasts"]).ToContainTextAsync("2 still are bad");
        await Shown(hostile).ToHaveCountAsync(DriftingDemo.BadRows / 2);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Drop 2 …" }).ClickAsync();
        await Shown(page[".confirm"]).ToContainTextAsync("Drop 2 rows for good?");
        await Shown(page[".confirm .safe"]).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Shown(page[".confirm"]).ToHaveCountAsync(0);
        await Shown(hostile).ToHaveCountAsync(DriftingDemo.BadRows / 2);
        await Shown(page["#held-machine-failure .drop"]).ToBeFocusedAsync();

        await page.Page.Keyboard.PressAsync("Enter");
        await page["button.danger"].ClickAsync();
        await Shown(page["#toasts"]).ToContainTextAsync("2 rows dropped.");
        await Shown(hostile).ToHaveCountAsync(0);
        await Shown(rows.Filter(new() { HasText = "ERR" }).First).ToBeVisibleAsync();
        Assert.DoesNotContain("owned", await page.Page.TitleAsync(), StringComparison.Ordinal);
        page.AssertClean();
    }

    [Fact]
    public async Task Absent_use_case_says_so_and_a_refused_action_is_a_note()
    {
        await using var page = await chromium.OpenAsync(demo.Server, "usecases/nobody");
        await Shown(page["#absent"]).ToContainTextAsync("no use case is called 'nobody'");
        await Shown(page["#banner"]).ToBeHiddenAsync();

        await page.GoAsync("usecases/machine-failure");
        await page.Page.RouteAsync("**/pause", route => route.FulfillAsync(new() { Status = 409, ContentType = "application/json", Body = """{"error":"somebody else is at it"}""" }));
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Shown(page["#toasts [role=alert]"]).ToContainTextAsync("somebody else is at it");
        await page["#toasts"].GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Shown(page["#toasts .toast"]).ToHaveCountAsync(0);
        page.AssertClean(except: "Failed to load resource");
    }
}
