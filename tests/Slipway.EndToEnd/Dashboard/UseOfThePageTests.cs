using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Slipway.EndToEnd.Dashboard.DashboardPage;

namespace Slipway.EndToEnd.Dashboard;

/// <summary>How the page behaves under a person's hands: small, readable, steady, usable with the keyboard, honest about a lost connection.</summary>
public sealed class UseOfThePageTests(Chromium chromium, DriftingDemo demo, ITestOutputHelper output) : IClassFixture<Chromium>, IClassFixture<DriftingDemo>
{
    private const int MostBytes = 150_000;

    private static readonly string[] Pages = ["", "usecases/machine-failure", "models", "models/machine-failure", "alerts", "quarantine"];

    [Fact]
    public async Task First_load_is_small_and_under_a_strict_policy()
    {
        await using var page = await chromium.OpenAsync(demo.Server);
        var policy = (await demo.Server.Http.GetAsync("/")).Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'", policy);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var loaded = await page.Page.EvaluateAsync<double[]>("""
            () => {
              const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
              const files = entries.filter(e => !e.name.includes('/api/')), first = entries.find(e => e.name.includes('/api/overview'));
              return [files.reduce((sum, e) => sum + e.transferSize, 0) + first.transferSize, first.responseEnd, files.length];
            }
            """);
        output.WriteLine($"{loaded[0]:0} bytes in {loaded[2]:0} files and the first answer; that answer was in after {loaded[1]:0} ms");
        Assert.InRange(loaded[0], 1, MostBytes);
        page.AssertClean();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 900)]
    [InlineData(ColorScheme.Light, 420)]
    public async Task Every_text_has_enough_contrast_and_no_page_is_wider_than_the_window(ColorScheme scheme, int width)
    {
        await using var page = await chromium.OpenAsync(demo.Server, scheme: scheme, width: width);
        foreach (var path in Pages)
        {
            await page.GoAsync(path);
            Assert.Empty(await page.FaintTextsAsync());
            Assert.True(await page.SidewaysAsync() <= 0, $"#/{path} at {width} pixels");
        }
        page.AssertClean();
    }

    [Fact]
    public async Task Chosen_theme_outlives_a_reload_and_wins_over_the_system()
    {
        await using var page = await chromium.OpenAsync(demo.Server, scheme: ColorScheme.Dark);
        Assert.Equal("rgb(15, 20, 27)", await BackgroundAsync());
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between dark and light" }).ClickAsync();
        Assert.Equal("rgb(244, 246, 249)", await BackgroundAsync());
        await page.GoAsync("models");
        Assert.Equal("rgb(244, 246, 249)", await BackgroundAsync());
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between dark and light" }).ClickAsync();
        Assert.Equal("rgb(15, 20, 27)", await BackgroundAsync());

        Task<string> BackgroundAsync() => page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task Selection_focus_scroll_and_open_parts_survive_the_poll()
    {
        await using var page = await chromium.OpenAsync(demo.Server, "usecases/machine-failure");
        await page["#yaml summary"].ClickAsync();
        await page["#pause"].FocusAsync();
        await page.Page.EvaluateAsync("() => { getSelection().selectAllChildren(document.querySelector('h1')); scrollTo(0, 200); }");
        await page.PollAsync();
        await Shown(page["#yaml pre"]).ToBeVisibleAsync();
        await Shown(page["#pause"]).ToBeFocusedAsync();
        Assert.Equal("machine-failure", await page.Page.EvaluateAsync<string>("() => getSelection().toString()"));
        Assert.Equal(200, await page.Page.EvaluateAsync<int>("() => Math.round(scrollY)"));
    }

    [Fact]
    public async Task Keyboard_alone_reaches_the_use_case()
    {
        await using var page = await chromium.OpenAsync(demo.Server);
        await page.Page.Keyboard.PressAsync("Tab");
        await Shown(page["#skip"]).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Shown(page["#page"]).ToBeFocusedAsync();
        var link = page["#usecases a.name"];
        for (var i = 0; i < 5 && !await link.EvaluateAsync<bool>("e => e === document.activeElement"); i++) await page.Page.Keyboard.PressAsync("Tab");
        await Shown(link).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Shown(page["#title h1"]).ToHaveTextAsync("machine-failure");
        page.AssertClean();
    }

    [Fact]
    public async Task Lost_connection_is_said_while_times_go_on_and_ends_by_itself()
    {
        await using var page = await chromium.OpenAsync(demo.Server, "usecases/machine-failure");
        await Shown(page["#title time"]).ToHaveTextAsync(new Regex("^(now|\\d+ s ago)"));
        await page.Page.RouteAsync("**/api/**", route => route.AbortAsync());
        await Shown(page["#banner"]).ToContainTextAsync("The connection to the server is lost");
        await Shown(page.Page).ToHaveTitleAsync(new Regex("^✕ "));
        await Shown(page["#title h1"]).ToHaveTextAsync("machine-failure");
        await Shown(page["#title time"]).ToHaveTextAsync(new Regex(@"^([6-9]|\d\d) s ago"));
        await page.Page.UnrouteAllAsync();
        await Shown(page["#banner"]).ToBeHiddenAsync();
        await Shown(page.Page).ToHaveTitleAsync(new Regex("^○ "));
        page.AssertClean(except: "Failed to load resource");
    }
}
