export const FIRST_NAMES = [
  'Mira',
  'Teo',
  'Ayşe',
  'Łukasz',
  'Nguyễn',
  'Søren',
  '美咲',
  'Омар',
  'Zoë',
  'Þóra',
  'Inés',
  'Kwame',
  'محمد',
  'Dávid',
  'Ona',
  'Jürgen',
];
export const LAST_NAMES = [
  'Okafor',
  'Lindqvist',
  'Öztürk',
  'Wiśniewski',
  'Văn',
  'Ærø',
  '佐藤',
  'Иванов',
  "O'Brien",
  'Jónsdóttir',
  'Peña',
  'Mensah',
  'السيد',
  'Kovács',
  'de la Cruz',
  'Müller-Weiß',
];
export const MAIL_NAMES = [
  'mira',
  'teo',
  'ayse',
  'lukasz',
  'nguyen',
  'soren',
  'misaki',
  'omar',
  'zoe',
  'thora',
  'ines',
  'kwame',
  'mohammed',
  'david',
  'ona',
  'jurgen',
];
export const DOMAINS = [
  'lumenworks.example',
  'northwind.example',
  'kleinbahn.example',
  'bücher.example',
  'tidewater.example',
  'acme.example',
];
export const COMPANY_NAMES = [
  'Lumenworks',
  'Northwind',
  'Kleinbahn GmbH',
  'Bücher & Söhne',
  'Tidewater',
  '東京物産',
  'Ærodynamics',
  'Acme "Quoted", Inc.',
  'Café Zürich',
  'Plain Co 🚲',
];
export const INDUSTRIES = ['Energy', 'Logistics', 'Publishing', 'Retail', 'Software'];
export const PLANS = ['Free', 'Team', 'Scale', 'Enterprise'];
export const PLACES = [
  ['Ireland', 'Leinster', 'Dublin', 'IRL', 'EU'],
  ['Germany', 'Bavaria', 'München', 'DEU', 'EU'],
  ['Japan', 'Tōkyō', '東京', 'JPN', 'AS'],
  ['Brazil', 'São Paulo', 'São Paulo', 'BRA', 'SA'],
  ['United States', 'California', 'San Francisco', 'USA', 'NA'],
] as const;
export const BROWSERS = ['chrome', 'firefox', 'safari', 'edge'];
export const SYSTEMS = ['Linux', 'Windows 11', 'OS X 14.5', 'iOS 18', 'Android 15'];
export const LANGUAGES = ['en', 'de', 'ja', 'pt-BR', 'tr'];
export const EVENT_NAMES = [
  'exported-report',
  'invited-teammate',
  'upgraded plan',
  'opened_app',
  'Viewed: Pricing',
  'ordered-item',
];
export const TAG_NAMES = [
  'billing',
  'VIP ⭐',
  'key-account',
  'beta',
  'churn risk',
  'Größe XL',
  'onboarding',
  'spam?',
  'reseller',
  '日本',
  'newsletter',
  'bug report',
  'feature request',
  'a, b "c"',
];
export const SEGMENT_NAMES = ['Active', 'New', 'Slipping away', 'Paying', 'All leads', 'Hot leads', 'Trial ended'];
export const TEAM_NAMES = ['Support', 'Sales', 'Réclamations'];
export const QUESTIONS = [
  'My invoice shows the wrong amount',
  'How do I <b>export</b> my report?',
  'The app crashes on start 😢',
  'Können Sie mir bei der Rechnung helfen?',
  'Is there a <a href="https://docs.lumenworks.example/api?v=2&amp;x=1">webhook</a> for this?',
];
export const ANSWERS = [
  'Sorry about that, let me check.',
  'Please see <a href="https://help.lumenworks.example/articles/12">this article</a>.',
  'Done!<br>Anything else?',
  '好的，谢谢',
  'Fish &amp; chips &lt;3',
];
