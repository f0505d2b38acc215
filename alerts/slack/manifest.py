"""The manifest from which Slack makes the app: https://docs.slack.dev/reference/app-manifest/."""

MANIFEST = """\
display_information:
  name: Atender Incidents
features:
  bot_user:
    display_name: Atender Incidents
    always_online: false
  slash_commands:
    - command: /incident
      url: {url}
      description: Open, update and take incidents
      usage_hint: list | open | update | ack | resolve | help
      should_escape: false
oauth_config:
  scopes:
    bot:
      - commands
settings:
  org_deploy_enabled: false
  socket_mode_enabled: false
  token_rotation_enabled: false
"""


def manifest(url: str) -> str:
    return MANIFEST.format(url=url)
