import { watchConsumers } from './consumers.js';
import { fanOut } from './fan-out.js';
import { plot } from './plot.js';
import { publishing } from './publish.js';
import { tail } from './tail.js';

fanOut(document.querySelector('#fan-out'));
publishing(document.querySelector('#publish'));
plot(document.querySelector('#plot'), tail(document.querySelector('#tail')));
watchConsumers(document.querySelector('#tail .consumers'));

document.querySelectorAll('.host').forEach((place) => (place.textContent = location.host));
